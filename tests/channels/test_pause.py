"""The operator's off switch."""

import subprocess
import sys
from pathlib import Path

from channels import texts
from channels.pause import Pause
from tests.api_client import Start
from tests.fake_rasa import FakeRasa


async def test_a_pause_stops_answers_at_once_and_its_end_too(
    start: Start, rasa: FakeRasa, tmp_path: Path
) -> None:
    pause = Pause(tmp_path / "var" / "off.txt")
    browser = await start(pause_file=tmp_path / "var" / "off.txt")
    await browser.open()
    pause.begin("Jalon revient lundi.")
    response = await browser.post(text="crèche")
    assert response.status == 503
    error = (await response.json())["error"]
    assert error["code"] == "paused"
    assert error["message"] == f"Jalon revient lundi.\n{texts.PAUSED_DANGER}"
    assert (await browser.http.post("/api/session", json={})).status == 503
    state = await browser.http.get("/api/state")
    assert await state.json() == {"pause": error["message"]}
    assert state.headers["Cache-Control"] == "no-store"
    assert rasa.received == []
    pause.end()
    assert await (await browser.http.get("/api/state")).json() == {"pause": None}
    await browser.say("crèche")


async def test_a_configured_site_may_read_the_state(start: Start) -> None:
    browser = await start(origins=("https://www.departement.example",))
    headers = {"Origin": "https://www.departement.example"}
    state = await browser.http.get("/api/state", headers=headers)
    assert state.headers["Access-Control-Allow-Origin"] == "https://www.departement.example"


def test_without_a_message_ours_is_told(tmp_path: Path) -> None:
    pause = Pause(tmp_path / "pause.txt")
    pause.begin("")
    assert pause.message() == f"{texts.PAUSED}\n{texts.PAUSED_DANGER}"


def test_the_commands(tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        code = (
            "import sys, pathlib; from channels import pause; "
            f"pause.FILE = pathlib.Path({str(tmp_path / 'p.txt')!r}); "
            "pause.Pause.__init__.__defaults__ = (pause.FILE,); pause.main()"
        )
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "paused" in run("Jalon revient lundi.")
    assert "lundi" in (tmp_path / "p.txt").read_text("utf-8")
    assert "answers again" in run("--end")
    assert not (tmp_path / "p.txt").exists()


def test_the_line_for_webmasters_holds_the_hash_of_the_script() -> None:
    command = [sys.executable, "-m", "channels.web.integrity"]
    environment = {"PUBLIC_URL": "https://jalon.example/"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    line, advice = done.stdout.splitlines()
    assert line.startswith('<script src="https://jalon.example/jalon.js" integrity="sha384-')
    assert 'crossorigin="anonymous" defer></script>' in line
    assert "nouvelle version" in advice
