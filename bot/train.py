"""Train the model, once for each state of what it is trained from: `python -m bot.train`."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "models"
TRAINING_DATA = ["data/nlu", "data/suites", "data/rules"]
TRAINED_FROM = [
    *TRAINING_DATA,
    "data/communes",
    "bot/components",
    "bot/places",
    "bot/intents.py",
    "bot/tables.py",
    "bot/config.yml",
    "bot/domain",
    "bot/uv.lock",
]
# `rasa`, without looking for cycles among millions of objects, none of which is to be freed, nor
# reading, copying and comparing the sentences again and again.
RASA = (
    "import gc, bot.__main__, bot.light; gc.disable(); bot.light.lighten_training(); "
    "bot.__main__.main()"
)


def fingerprint(root: Path = ROOT) -> str:
    """Twelve hexadecimal digits that change with any file the model is trained from."""
    digest = hashlib.sha256()
    for name in TRAINED_FROM:
        top = root / name
        for file in sorted([top] if top.is_file() else top.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(root)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def cache_folder() -> Path:
    """Where trained models are shared between checkouts of one user."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "jalon" / "models"


def current_model() -> Path:
    """Return the archive of this state of the data, training it if nobody has; make it newest.

    Raises:
        SystemExit: Rasa refused the data; its own message says why.
    """
    name = f"jalon-{fingerprint()}.tar.gz"
    model, cached = MODELS / name, cache_folder() / name
    if not model.exists() and cached.exists():
        shutil.copy(cached, model)
    if not model.exists():
        _train(name.removesuffix(".tar.gz"))
        cached.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(model, cached)
    os.utime(model)  # Rasa loads the newest archive of the folder
    return model


def _train(name: str) -> None:
    print("Training the model (a few minutes, once for each change of the data)…", flush=True)
    start = time.monotonic()
    command = [sys.executable, "-c", RASA, "train", "--force", "--skip-validation"]
    command += ["--fixed-model-name", name]
    command += ["--config", "bot/config.yml", "--domain", "bot/domain", "--out", "models"]
    command += ["--data", *TRAINING_DATA]
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TQDM_DISABLE": "1",
        "RASA_MAX_CACHE_SIZE": "0",  # with --force, nobody would read it again
        "OPENBLAS_NUM_THREADS": "1",  # sums in another order would give another model
    }
    # Rasa says a great deal when all is well; it is heard when it fails.
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0 or not (MODELS / f"{name}.tar.gz").exists():
        sys.exit(f"{done.stdout.decode('utf-8', 'replace')}\nTraining failed: see above.")
    print(f"Trained in {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    print(f"Model: {current_model().relative_to(ROOT)}")
