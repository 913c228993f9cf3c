"""`make run` and `make shell` as people use them: real processes, real signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from channels.stack import ROOT, ROOT_PYTHON, free_port, is_free

PRIVATE_PORTS = (5005, 5055)
START_LIMIT = 60.0  # seconds


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def start(port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(ROOT_PYTHON), "-m", "channels.stack"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_line(process: subprocess.Popen[str], words: str) -> None:
    """Read the output until a line says these words; each process has its own start limit."""
    assert process.stdout
    for line in process.stdout:
        if words in line:
            return
    pytest.fail(f"« {words} » was never said")


@pytest.fixture(scope="module")
def running(annuaire_url: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = start(port)
    wait_for_line(process, f"open http://localhost:{port}")
    yield process, port
    process.kill()
    process.wait(10)


def test_a_person_on_the_page_gets_real_places(
    running: tuple[subprocess.Popen[str], int],
) -> None:
    _, port = running
    base = f"http://localhost:{port}"
    session = post(f"{base}/api/session", {})
    assert "machine" in session["messages"][0]["text"]
    answer = post(
        f"{base}/api/message",
        {"token": session["token"], "id": "1", "text": "une crèche à Rosny-sous-Bois"},
    )
    [message] = answer["messages"]
    assert message["custom"]["results"]
    assert message["custom"]["explication"]["code_insee"] == "93064"
    button = message["buttons"][0]
    more = post(
        f"{base}/api/message",
        {"token": session["token"], "id": "2", "payload": button["payload"]},
    )
    shown = {record["id"] for record in message["custom"]["results"]}
    assert shown.isdisjoint(record["id"] for record in more["messages"][0]["custom"]["results"])


def test_private_processes_listen_on_this_machine_only(
    running: tuple[subprocess.Popen[str], int],
) -> None:
    listening = subprocess.run(
        ["cat", "/proc/net/tcp"], capture_output=True, text=True, check=True
    ).stdout
    for port in PRIVATE_PORTS:
        addresses = {
            line.split()[1].split(":")[0]
            for line in listening.splitlines()[1:]
            if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
        }
        assert addresses == {"0100007F"}, port


def test_a_second_start_is_refused_in_one_clear_line(
    running: tuple[subprocess.Popen[str], int],
) -> None:
    second = subprocess.run(
        [str(ROOT_PYTHON), "-m", "channels.stack"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(free_port())},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert second.returncode == 1
    assert second.stdout.strip() == "Port 5055 is already taken: stop what uses it, then try again."


def test_ctrl_c_stops_everything_and_leaves_no_process(
    running: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = running
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert all(is_free(used) for used in (*PRIVATE_PORTS, port))


def test_a_taken_page_port_is_refused_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        start_time = time.monotonic()
        done = subprocess.run(
            [str(ROOT_PYTHON), "-m", "channels.stack"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=20,
        )
    assert done.returncode == 1
    assert f"Port {port} is already taken" in done.stdout
    assert time.monotonic() - start_time < START_LIMIT


def test_the_shell_answers_lines_through_a_pipe_as_text(annuaire_url: str) -> None:
    options = ["--commune", "Bondy", "--theme", "garde_enfants", "--pourquoi"]
    done = subprocess.run(
        [str(ROOT_PYTHON), "-m", "channels.shell", *options],
        cwd=ROOT,
        input="le 2\nmerci\n",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0
    assert "à Bondy" in done.stdout
    assert "[compris : garde_enfants" in done.stdout
    assert "source " in done.stdout
    assert "Avec plaisir" in done.stdout
    assert "{" not in done.stdout
