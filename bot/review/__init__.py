"""Messages kept for review, off unless the operator sets JALON_REVIEW: see docs/review.md."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator

VARIABLE = "JALON_REVIEW"
NOTICE = "revue"  # `channel:` of the responses that say what is kept, in bot/domain/

_generate = TemplatedNaturalLanguageGenerator.generate


def folder() -> Path | None:
    """Where messages are kept; None when the operator wants none."""
    name = os.environ.get(VARIABLE, "").strip()
    return Path(name) if name else None


def install() -> None:
    """Make the bot's own responses tell people that messages are kept, when they are."""
    if folder():
        TemplatedNaturalLanguageGenerator.generate = _generate_with_notice


async def _generate_with_notice(
    generator: TemplatedNaturalLanguageGenerator,
    utter_action: str,
    tracker: Any,
    output_channel: str,
    **kwargs: Any,
) -> dict[str, Any] | None:
    """Rasa's own, which prefers a variant of this channel and else takes the ordinary one."""
    return await _generate(generator, utter_action, tracker, NOTICE, **kwargs)
