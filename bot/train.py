"""Train the model, once for each state of what it is trained from: `python -m bot.train`."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "models"
TRAINING_DATA = ["data/nlu", "data/rules"]
TRAINED_FROM = [
    *TRAINING_DATA,
    "data/communes",
    "data/langues.yml",
    "data/noms.yml",
    "data/urgence.yml",
    "bot/components",
    "bot/config.yml",
    "bot/domain",
    "bot/uv.lock",
]


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
    os.environ["TQDM_DISABLE"] = "1"  # Rasa's progress bars fill the screen with repeats
    warnings.filterwarnings("ignore")
    from rasa.model_training import train

    print("Training the model (about two minutes, once for each change of the data)…", flush=True)
    start = time.monotonic()
    result = train(
        domain=str(ROOT / "bot/domain"),
        config=str(ROOT / "bot/config.yml"),
        training_files=[str(ROOT / path) for path in TRAINING_DATA],
        output=str(MODELS),
        fixed_model_name=name,
        force_training=True,
    )
    if result.code != 0 or result.model is None:
        sys.exit("Training failed: see the message above.")
    print(f"Trained in {time.monotonic() - start:.0f} s: {result.model}", flush=True)


if __name__ == "__main__":
    print(f"Model: {current_model().relative_to(ROOT)}")
