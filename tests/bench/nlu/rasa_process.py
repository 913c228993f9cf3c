"""One model of Rasa in a process of its own: `rasa_process MODEL SENTENCES RESULT [--ours]`."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from tests.bot.evaluate import parser, read_all

FIRST_MESSAGE = "bonjour"


def resident_memory() -> int:
    """Memory of this process, in megabytes."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
    return int(kilobytes) // 1024


def main(model: str, sentences: str, result: str, *ours: str) -> None:
    """Load the model, understand every sentence, write what was found and measured."""
    if ours:
        from bot import light

        light.install()  # as `python -m bot` does before it loads Rasa
        from bot import speed

        speed.install()  # as the running bot does before it loads its model
    understand = parser(Path(model))
    asyncio.run(understand(FIRST_MESSAGE))
    ready_at, ready_cpu = time.time(), time.process_time()
    parsed, milliseconds = asyncio.run(
        read_all(understand, json.loads(Path(sentences).read_text()))
    )
    found = {
        "ready_at": ready_at,
        "load_cpu_s": ready_cpu,
        "cpu_s": time.process_time() - ready_cpu,
        "intents": [message["intent"]["name"] for message in parsed],
        "milliseconds": milliseconds,
        "memory_mb": resident_memory(),
    }
    Path(result).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
