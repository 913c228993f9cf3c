"""Tell people that messages are kept, when they are."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator

from bot import review

CHANNEL = "revue"  # of the responses of bot/domain/ that say it

_generate = TemplatedNaturalLanguageGenerator.generate


def install() -> None:
    """Say the responses of this channel, where there are some, if messages are kept."""
    if review.folder():
        TemplatedNaturalLanguageGenerator.generate = _generate_with_notice


async def _generate_with_notice(
    generator: TemplatedNaturalLanguageGenerator,
    utter_action: str,
    tracker: Any,
    output_channel: str,
    **kwargs: Any,
) -> dict[str, Any] | None:
    """Rasa's own choice, which is the ordinary response where this channel has none."""
    return await _generate(generator, utter_action, tracker, CHANNEL, **kwargs)
