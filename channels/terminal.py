"""What `make shell` and `make sms` share: a stack of their own, what is typed, and how they end."""

from __future__ import annotations

import contextlib
import sys
import urllib.error
from collections.abc import Callable, Iterator
from pathlib import Path

from channels.stack import ROOT, Stack, StackError, private_stack


def run(log: Path, talk: Callable[[Stack, int], None]) -> int:
    """Talk, given a bot and an action server of our own, until the end of the input.

    Args:
        log: where these processes write.
        talk: receives the stack and the bot's port.

    Returns:
        The exit status: 1 when something could not start, or stopped.
    """
    log.parent.mkdir(exist_ok=True)
    print("Démarrage (une vingtaine de secondes)…", file=sys.stderr, flush=True)
    try:
        with private_stack(log) as (stack, bot_port):
            talk(stack, bot_port)
    except (StackError, urllib.error.URLError) as error:
        print(f"{error} ({log.relative_to(ROOT)})", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
    return 0


def typed_lines() -> Iterator[str]:
    """The lines of standard input, with a prompt when a person types them."""
    interactive = sys.stdin.isatty()
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - the arrows recall the last lines
    while True:
        try:
            line = input("\nVous : " if interactive else "")
        except EOFError:
            return
        if line.strip():
            yield line
