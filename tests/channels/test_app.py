import gzip
import hashlib
from html import escape
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from channels.settings import Settings
from tests.api_client import Browser, Start

SITE = "https://www.departement.example"
SCRIPT = Path("channels/web/static/jalon.js").read_bytes()
BROWSER_TESTS = Path("tests/browser")


PATHS = [
    "/",
    "/chat",
    "/accessibilite",
    "/jalon.js",
    "/page.css",
    "/chat.css",
    "/healthz",
    "/nowhere",
]


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_is_guarded(browser: Browser, path: str) -> None:
    response = await browser.http.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in response.headers


async def test_health_is_told_without_rasa(start: Start) -> None:
    browser = await start(rasa_url="http://127.0.0.1:9")
    response = await browser.http.get("/healthz")
    assert response.status == 200
    assert await response.json() == {"status": "ok"}


async def test_the_page_holds_the_widget_and_nothing_from_elsewhere(browser: Browser) -> None:
    response = await browser.http.get("/")
    page = await response.text()
    assert response.content_type == "text/html"
    assert '<html lang="fr">' in page
    assert "<jalon-chat>" in page
    assert "http:" not in page
    assert "https:" not in page


async def test_the_script_is_the_committed_file(browser: Browser) -> None:
    response = await browser.http.get("/jalon.js")
    assert response.content_type == "text/javascript"
    assert await response.read() == SCRIPT


async def test_the_script_is_small(browser: Browser) -> None:
    assert len(gzip.compress(SCRIPT)) <= 25_000


async def test_the_script_is_compressed_only_for_those_who_can_read_it(browser: Browser) -> None:
    plain = await browser.http.get("/jalon.js", headers={"Accept-Encoding": "identity"})
    packed = await browser.http.get("/jalon.js", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2


async def test_a_browser_that_has_the_script_does_not_load_it_again(browser: Browser) -> None:
    first = await browser.http.get("/jalon.js")
    again = await browser.http.get("/jalon.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    assert await again.read() == b""
    assert "max-age" in first.headers["Cache-Control"]


async def test_a_versioned_script_is_kept_for_ever_and_a_wrong_version_is_not(
    browser: Browser,
) -> None:
    version = hashlib.sha256(SCRIPT).hexdigest()[:12]
    kept = await browser.http.get(f"/jalon.js?v={version}")
    assert "immutable" in kept.headers["Cache-Control"]
    other = await browser.http.get("/jalon.js?v=000000000000")
    assert "immutable" not in other.headers["Cache-Control"]


def test_the_accessibility_page_says_each_check_and_each_check_names_real_tests() -> None:
    checks = yaml.safe_load((BROWSER_TESTS / "accessibilite.yml").read_text("utf-8"))
    code = "".join(file.read_text("utf-8") for file in BROWSER_TESTS.glob("test_*.py"))
    page = Path("channels/web/static/accessibilite.html").read_text("utf-8")
    for check in checks:
        assert escape(check["quoi"], quote=False) in page
        for test in check.get("test", ()):
            assert f"def {test}(" in code


async def test_any_site_may_load_the_script(browser: Browser) -> None:
    response = await browser.http.get("/jalon.js", headers={"Origin": SITE})
    assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_a_configured_site_may_call_the_api(start: Start) -> None:
    browser = await start(origins=(SITE,))
    asked = await browser.http.options(
        "/api/message", headers={"Origin": SITE, "Access-Control-Request-Method": "POST"}
    )
    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Origin"] == SITE
    assert asked.headers["Access-Control-Allow-Headers"] == "Content-Type"
    answer = await browser.http.post("/api/session", json={}, headers={"Origin": SITE})
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("origin", ["https://evil.example", f"{SITE}.evil.example", "null", ""])
async def test_another_site_may_not_call_the_api(start: Start, origin: str) -> None:
    browser = await start(origins=(SITE,))
    for method in ("OPTIONS", "POST"):
        answer = await browser.http.request(method, "/api/session", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_refusal_can_be_read_by_a_configured_site(start: Start) -> None:
    browser = await start(origins=(SITE,))
    answer = await browser.http.post("/api/message", json={}, headers={"Origin": SITE})
    assert answer.status == 401
    assert answer.headers["Access-Control-Allow-Origin"] == SITE


async def test_answers_of_the_api_are_never_kept_by_a_cache(browser: Browser) -> None:
    response = await browser.http.post("/api/session", json={})
    assert response.headers["Cache-Control"] == "no-store"


async def test_unknown_pages_and_methods_are_refused_in_json(browser: Browser) -> None:
    missing = await browser.http.get("/api/nowhere")
    assert missing.status == 404
    assert (await missing.json())["error"]["code"] == "not_found"
    wrong = await browser.http.get("/api/message")
    assert wrong.status == 405
    assert wrong.headers["Allow"] == "POST"
    assert (await wrong.json())["error"]["code"] == "method_not_allowed"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("JALON_ORIGINS", f" {SITE}/ , http://localhost:3000,")
    monkeypatch.setenv("JALON_SECRET", "chosen")
    settings = Settings()
    assert settings.port == 8123
    assert settings.origins == (SITE, "http://localhost:3000")
    assert settings.secret == "chosen"
    assert not settings.secret_is_random


def test_an_empty_secret_is_replaced_by_a_random_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALON_SECRET", "")
    first, second = Settings(), Settings()
    assert len(first.secret) >= 32
    assert first.secret != second.secret
    assert first.secret_is_random


@pytest.mark.parametrize("origin", ["*", "departement.example", f"{SITE}/page", "ftp://a.example"])
def test_an_origin_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("JALON_ORIGINS", origin)
    with pytest.raises(ValidationError, match="is not an origin"):
        Settings()
