"""What was answered lately, for a channel that died before it could pass the answer on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

KEPT = 600  # seconds; a page tries again every thirty at most
MAX_ANSWERS = 5_000  # the oldest are forgotten first

Messages = list[dict[str, Any]]


class Answers:
    """The answers of the last minutes, by conversation and by the message's own id."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], asyncio.Task[Messages]] = {}

    async def once(
        self, sender: str, message_id: str, say: Callable[[], Awaitable[Messages]]
    ) -> Messages:
        """What `say` answers, asked once for a message of a conversation; it may be under way.

        Who waited may go away: the answer is finished all the same.
        """
        key = (sender, message_id)
        if key not in self._kept:
            self._kept[key] = asyncio.ensure_future(say())
            asyncio.get_running_loop().call_later(KEPT, self._kept.pop, key, None)
            if len(self._kept) > MAX_ANSWERS:
                del self._kept[next(iter(self._kept))]
        said = await asyncio.shield(self._kept[key])
        if not said:  # it failed: it may be tried again
            self._kept.pop(key, None)
        return said

    def forget(self, sender: str) -> None:
        """Forget the answers given to this conversation."""
        for key in [key for key, said in self._kept.items() if key[0] == sender and said.done()]:
            del self._kept[key]


LATELY = Answers()  # of this process: Rasa's input fills it, its tracker store erases from it
