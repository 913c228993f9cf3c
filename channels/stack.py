"""Start the processes of Jalon together on one machine: `python -m channels.stack` (make run).

Also used by the terminal (`channels/terminal.py`) and by the tests, on other ports. In production
each process has its own container (`docker-compose.yml`).
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOT_PYTHON = ROOT / ".venv/bin/python"
BOT_PYTHON = ROOT / "bot/.venv/bin/python"
START_LIMIT = 120.0  # seconds for a process to answer
STOP_LIMIT = 8.0  # seconds to stop before being killed
HEALTH = {"actions": "/health"}  # the page asked for while a process starts, where not "/"
PR_SET_PDEATHSIG = 1  # Linux: a process is told when its parent dies


class StackError(Exception):
    """A process could not start; the message says which, and why, in one line."""


class Stack:
    """The processes started together, stopped together."""

    def __init__(self, log: Path | None = None) -> None:
        """Keep the processes' output in `log`, or show it if None."""
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._log = log.open("ab") if log else None
        self._folder = tempfile.TemporaryDirectory(prefix="jalon-")

    def start_actions(self, port: int, module: str = "actions") -> None:
        """Start the action server; `module` lets the tests freeze its clock."""
        self._start(
            "actions",
            [str(ROOT_PYTHON), "-m", module],
            {"ACTIONS_PORT": str(port)},
            port,
        )

    def start_bot(self, port: int, actions_port: int, *options: str) -> None:
        """Start Rasa with the newest model, calling the action server on its port."""
        endpoints = Path(self._folder.name) / f"endpoints-{port}.yml"
        ours = (ROOT / "bot/endpoints.yml").read_text("utf-8")
        endpoints.write_text(ours.replace("localhost:5055", f"localhost:{actions_port}"), "utf-8")
        command = [str(BOT_PYTHON), "-m", "bot", "run", "-m", "models", "-i", "127.0.0.1"]
        command += ["-p", str(port), "--endpoints", str(endpoints)]
        command += ["--credentials", "bot/credentials.yml", *options]
        self._start("bot", command, {"RASA_TELEMETRY_ENABLED": "false"}, port)

    def start_channels(self, port: int, bot_port: int, **variables: str) -> None:
        """Start the public process, with these variables besides the environment's."""
        self._start(
            "channels",
            [str(ROOT_PYTHON), "-m", "channels"],
            {"PORT": str(port), "RASA_URL": f"http://localhost:{bot_port}", **variables},
            port,
        )

    def _start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], port: int
    ) -> None:
        if not is_free(port):
            raise StackError(f"Port {port} is already taken: {name} cannot start.")
        self._processes[name] = subprocess.Popen(  # noqa: S603
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C reaches this process only, which stops the others
            preexec_fn=_die_with_parent(),
        )

    def wait_ready(self, ports: Mapping[str, int]) -> None:
        """Wait until each named process accepts connections and answers over HTTP.

        Raises:
            StackError: one stopped, or did not answer within `START_LIMIT` seconds.
        """
        deadline = time.monotonic() + START_LIMIT
        for name, port in ports.items():
            while not answers(port, HEALTH.get(name, "/")):
                if self._processes[name].poll() is not None:
                    raise StackError(f"{name} stopped while starting: see its messages above.")
                if time.monotonic() > deadline:
                    raise StackError(f"{name} did not answer within {START_LIMIT:.0f} s.")
                time.sleep(0.1)

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """The process of this name, for tests that stop or freeze it."""
        return self._processes[name]

    def first_stopped(self) -> str | None:
        """The name of a process that has ended, if any."""
        return next((name for name, p in self._processes.items() if p.poll() is not None), None)

    def stop(self) -> None:
        """Stop every process, and kill those that do not obey."""
        for process in self._processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        deadline = time.monotonic() + STOP_LIMIT
        for process in self._processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._processes.clear()
        self._folder.cleanup()
        if self._log:
            self._log.close()


def _die_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def is_free(port: int) -> bool:
    """Whether nothing listens on this port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, path: str = "/") -> bool:
    """Whether an HTTP server answers on this port, whatever it says."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextmanager
def private_stack(
    log: Path, actions_module: str = "actions", *bot_options: str
) -> Iterator[tuple[Stack, int]]:
    """Bot and actions on free ports; gives the stack and the bot's port."""
    stack = Stack(log)
    actions_port, bot_port = free_port(), free_port()
    try:
        stack.start_actions(actions_port, actions_module)
        stack.start_bot(bot_port, actions_port, *bot_options)
        stack.wait_ready({"actions": actions_port, "bot": bot_port})
        yield stack, bot_port
    finally:
        stack.stop()


def main() -> int:
    """Run the whole product until Ctrl-C; the exit status is 1 when it could not start."""
    ports = {"actions": 5055, "bot": 5005, "channels": int(os.environ.get("PORT", "8080"))}
    taken = [port for port in ports.values() if not is_free(port)]
    if taken:
        print(f"Port {taken[0]} is already taken: stop what uses it, then try again.")
        return 1
    for stopping in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(stopping, signal.default_int_handler)  # also when started in the background
    stack = Stack()
    try:
        print("Starting (about 15 seconds)…", flush=True)
        stack.start_actions(ports["actions"])
        stack.start_bot(ports["bot"], ports["actions"])
        stack.start_channels(ports["channels"], ports["bot"])
        stack.wait_ready(ports)
        print(f"\nJalon is ready: open http://localhost:{ports['channels']} (Ctrl-C stops it)\n")
        while (stopped := stack.first_stopped()) is None:
            time.sleep(0.5)
        print(f"{stopped} stopped by itself: stopping everything.")
        return 1
    except StackError as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("\nStopping…")
        return 0
    finally:
        stack.stop()


if __name__ == "__main__":
    sys.exit(main())
