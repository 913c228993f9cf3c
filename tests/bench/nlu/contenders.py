"""How each contender is trained and read, always in a process of its own.

What was trained is kept in the user's cache folder with the time that it took, under a name that
changes with the data, the settings and the versions.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.train import cache_folder, fingerprint

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
CACHE = cache_folder().parent / "bench-nlu"
ENVIRONMENT = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TQDM_DISABLE": "1"}
RASA_PROCESS = [sys.executable, "-W", "ignore", "-m", "tests.bench.nlu.rasa_process"]
NLPJS = ["node", str(HERE / "nlpjs.js")]


@dataclass(frozen=True)
class Training:
    """A trained model, and what it cost: seconds, and seconds of all cores together."""

    model: Path
    seconds: float
    cpu_seconds: float
    day: str
    from_cache: bool


class Contender:
    """Something that learns sentences and says their intents."""

    name: str
    suffix: str

    def key(self, sentences: Path) -> str:
        """Twelve hexadecimal digits that change with whatever changes the model."""
        raise NotImplementedError

    def train(self, sentences: Path, model: Path) -> None:
        """Train in another process, and write the model."""
        raise NotImplementedError

    def reading(self, model: Path, sentences: Path, result: Path) -> list[str]:
        """The command that loads the model, reads the sentences and writes the result."""
        raise NotImplementedError

    def trained(self, sentences: Path, again: bool) -> Training:
        """The model of this state of the data, trained now if nobody has or if asked."""
        model = CACHE / f"{self.name}-{self.key(sentences)}{self.suffix}"
        cost = model.with_name(f"{model.name}.json")
        known = model.exists() and cost.exists() and not again
        if not known:
            CACHE.mkdir(parents=True, exist_ok=True)
            print(f"Training {self.name}…", file=sys.stderr, flush=True)
            cost.write_text(json.dumps(self._cost(sentences, model)))
        return Training(model, **json.loads(cost.read_text()), from_cache=known)

    def _cost(self, sentences: Path, model: Path) -> dict[str, Any]:
        start, cpu = time.monotonic(), _children_cpu()
        self.train(sentences, model)
        return {
            "seconds": round(time.monotonic() - start, 1),
            "cpu_seconds": round(_children_cpu() - cpu, 1),
            "day": date.today().isoformat(),
        }

    def read(self, model: Path, sentences: Path) -> dict[str, Any]:
        """Intents, milliseconds of each message, processor seconds, `load_s` and `memory_mb`.

        Loading goes from the start of the process to its first message understood.
        """
        with tempfile.TemporaryDirectory() as folder:
            result = Path(folder) / "result.json"
            start = time.time()
            run(self.reading(model, sentences, result))
            found = json.loads(result.read_text())
        return {**found, "load_s": found["ready_at"] - start}


class Jalon(Contender):
    """This assistant, trained as `make train` does in a fresh checkout."""

    name = "jalon"
    suffix = ".tar.gz"

    def key(self, sentences: Path) -> str:
        return fingerprint()

    def train(self, sentences: Path, model: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            checkout = Path(folder)
            for room in ("bot", "data"):
                (checkout / room).symlink_to(ROOT / room)
            (checkout / "models").mkdir()
            cache = {"XDG_CACHE_HOME": str(checkout / "cache")}
            run([sys.executable, "-m", "bot.train"], folder=checkout, **cache)
            shutil.copy(next((checkout / "models").glob("*.tar.gz")), model)

    def reading(self, model: Path, sentences: Path, result: Path) -> list[str]:
        return [*RASA_PROCESS, str(model), str(sentences), str(result), "--ours"]


class StockRasa(Contender):
    """Rasa's own components, as its documentation puts them together (`stock.yml`)."""

    name = "stock_rasa"
    suffix = ".tar.gz"

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs

    def key(self, sentences: Path) -> str:
        return _digest(sentences, self._config().encode(), ROOT / "bot/uv.lock")

    def train(self, sentences: Path, model: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "config.yml"
            config.write_text(self._config())
            command = [sys.executable, "-W", "ignore", "-m", "rasa", "train", "nlu"]
            command += ["--config", str(config), "--nlu", "data/nlu", "--out", str(model.parent)]
            run([*command, "--fixed-model-name", model.name.removesuffix(self.suffix)])

    def _config(self) -> str:
        return (HERE / "stock.yml").read_text().replace("epochs: 100", f"epochs: {self.epochs}")

    def reading(self, model: Path, sentences: Path, result: Path) -> list[str]:
        return [*RASA_PROCESS, str(model), str(sentences), str(result)]


class NlpJs(Contender):
    """nlp.js, the npm package `node-nlp` with `@nlpjs/lang-fr`."""

    name = "nlp.js"
    suffix = ".nlp"

    def key(self, sentences: Path) -> str:
        return _digest(sentences, HERE / "nlpjs.js", HERE / "package-lock.json")

    def train(self, sentences: Path, model: Path) -> None:
        run([*NLPJS, "train", str(sentences), str(model)])

    def reading(self, model: Path, sentences: Path, result: Path) -> list[str]:
        return [*NLPJS, "read", str(model), str(sentences), str(result)]


def run(command: list[str], folder: Path = ROOT, **variables: str) -> None:
    """Run a command silently.

    Raises:
        SystemExit: it failed; what it said is the message.
    """
    done = subprocess.run(
        command,
        cwd=folder,
        env={**ENVIRONMENT, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        sys.exit(f"{done.stdout.decode('utf-8', 'replace')}\nFailed: {' '.join(command)}")


def _digest(*parts: Path | bytes) -> str:
    contents = (part if isinstance(part, bytes) else part.read_bytes() for part in parts)
    return hashlib.sha256(b"".join(contents)).hexdigest()[:12]


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
