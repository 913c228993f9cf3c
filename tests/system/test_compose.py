"""The production topology, read: no Docker engine is needed."""

import re
from pathlib import Path

import pytest
import yaml

from channels.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
OURS = ["bot", "actions", "channels"]
IMAGES = [*OURS, "sync"]


def dockerfile(service: str) -> str:
    return (ROOT / SERVICES[service]["build"]["dockerfile"]).read_text("utf-8")


def test_only_channels_is_published_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"channels": ["127.0.0.1:8080:8080"]}


def test_the_private_network_reaches_nothing_outside() -> None:
    assert COMPOSE["networks"]["private"]["internal"] is True
    outside = [name for name, service in SERVICES.items() if "public" in service["networks"]]
    # `sync` fetches from the web, when asked, and is reached by nobody.
    assert outside == ["channels", "sync"]
    assert SERVICES["sync"]["profiles"] == ["sync"]
    assert not {"ports", "expose"} & set(SERVICES["sync"])


def test_no_secret_is_written_in_the_file() -> None:
    for service in SERVICES.values():
        for name, value in (service.get("environment") or {}).items():
            if any(word in name for word in ("PASSWORD", "SECRET", "TOKEN", "KEY")):
                assert re.fullmatch(r"\$\{\w+:(\?.+|-)\}", value), name
    for service in ("actions", "channels"):
        assert "${POSTGRES_PASSWORD:?" in SERVICES[service]["environment"]["DATABASE_URL"]


def test_the_secrets_without_which_nothing_is_safe_are_asked_for() -> None:
    asked = {
        name
        for service in SERVICES.values()
        for name, value in (service.get("environment") or {}).items()
        if ":?" in value
    }
    assert asked >= {"JALON_SECRET", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "PUBLIC_URL"}


def test_what_starts_a_provider_of_sms_can_be_set() -> None:
    ours = [name for name in Settings.model_fields if name.startswith(("twilio", "ovh", "sms"))]
    wanted = {name.upper() for name in ours if not name.endswith("_api_url")}
    assert wanted <= SERVICES["channels"]["environment"].keys()


def test_the_keeper_of_what_sms_need_is_started_before_channels() -> None:
    assert "postgres" in SERVICES["channels"]["depends_on"]


@pytest.mark.parametrize("service", IMAGES)
def test_each_image_runs_without_privileges(service: str) -> None:
    assert "\nUSER jalon\n" in dockerfile(service)
    assert SERVICES[service]["cap_drop"] == ["ALL"]
    assert SERVICES[service]["read_only"] is True


@pytest.mark.parametrize("service", OURS)
def test_each_image_listens_where_the_others_look(service: str) -> None:
    port = {"bot": 5005, "actions": 5055, "channels": 8080}[service]
    assert f"EXPOSE {port}" in dockerfile(service)
    addresses = {
        "bot": SERVICES["channels"]["environment"]["RASA_URL"],
        "actions": SERVICES["bot"]["environment"]["ACTIONS_URL"],
    }
    if service in addresses:
        assert f"//{service}:{port}" in addresses[service]


@pytest.mark.parametrize("service", OURS)
def test_everything_an_image_copies_exists(service: str) -> None:
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile(service), re.M):
        for name in source.split():
            assert (ROOT / name).exists(), name


def test_the_variables_of_the_production_endpoints_are_given() -> None:
    wanted = set(re.findall(r"\$\{(\w+)\}", (ROOT / "bot/endpoints.production.yml").read_text()))
    assert wanted <= set(SERVICES["bot"]["environment"])


@pytest.mark.parametrize("service", ["actions", "channels", "sync"])
def test_every_variable_given_is_read_by_the_code(service: str) -> None:
    room = Path(SERVICES[service]["build"]["dockerfile"]).parent
    code = "".join(file.read_text("utf-8") for file in (ROOT / room).rglob("*.py"))
    for name in set(SERVICES[service]["environment"]) - {"TMPDIR"}:  # Python reads that one
        assert re.search(rf"\b{name}\b", code, re.I), name


def test_people_are_told_when_messages_are_kept_for_review() -> None:
    asked = {name: SERVICES[name]["environment"]["JALON_REVIEW"] for name in ("bot", "channels")}
    assert set(asked.values()) == {"${JALON_REVIEW:-}"}  # off unless the operator asks
    assert SERVICES["bot"]["volumes"] == ["review:/jalon/review"]
    assert "mkdir review && chown jalon review" in dockerfile("bot")


def test_conversations_are_never_written_to_disk() -> None:
    assert "--save ''" in SERVICES["redis"]["command"][-1]
    assert "record_exp: 86400" in (ROOT / "bot/endpoints.production.yml").read_text()
