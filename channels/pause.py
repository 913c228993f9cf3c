"""The operator's off switch: `make pause MESSAGE="…"`, then `make resume`.

A file says it, so that the process that serves people needs no restart, and a restart forgets
nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from channels import texts

FILE = Path(__file__).parents[1] / "var" / "pause.txt"


class Pause:
    """What the file says now."""

    def __init__(self, file: Path = FILE) -> None:
        self._file = file

    def message(self) -> str | None:
        """What to tell people instead of answering; None when Jalon answers."""
        try:
            written = self._file.read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        return f"{written or texts.PAUSED}\n{texts.PAUSED_DANGER}"

    def begin(self, message: str) -> None:
        """Stop answering, at once, with this message (or ours when empty)."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(message, "utf-8")

    def end(self) -> None:
        """Answer again."""
        self._file.unlink(missing_ok=True)


def main() -> None:
    """`python -m channels.pause "message"`, or `--end`."""
    parser = argparse.ArgumentParser(prog="channels.pause", description="Stop or resume answering.")
    parser.add_argument("message", nargs="?", default="", help="what people read meanwhile")
    parser.add_argument("--end", action="store_true", help="answer again")
    arguments = parser.parse_args()
    if arguments.end:
        Pause().end()
        print("Jalon answers again.")
    else:
        Pause().begin(arguments.message)
        print("Jalon is paused: widgets show it within ten seconds, SMS answer it. « make resume » ends it.")


if __name__ == "__main__":
    main()
