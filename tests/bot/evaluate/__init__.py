"""`make evaluate`: how well the assistant understands messages it has not learnt.

`reading` reads the held-out messages with the newest model, `figures` counts what is right,
`crossvalidation` does so on the training sentences, `changes` compares with the committed
figures, `report` says which tables are shown, `charts` draws, `page` writes.
"""

from __future__ import annotations

import os

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow says which graphics card it has not

from tests.bot.evaluate.figures import is_right
from tests.bot.evaluate.reading import (
    held_out_sentences,
    newest_model,
    parser,
    read_all,
    speed,
)

__all__ = ["held_out_sentences", "is_right", "newest_model", "parser", "read_all", "speed"]
