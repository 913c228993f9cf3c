"""A message given again is not said again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.answers import Answers

Said = list[dict[str, Any]]


class Bot:
    """Answers each message with how many it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.ready = asyncio.Event()
        self.fails = False

    async def say(self) -> Said:
        self.asked += 1
        await self.ready.wait()
        return [] if self.fails else [{"text": f"réponse {self.asked}"}]


def run(scenario: Callable[[Bot, Answers], Any]) -> None:
    async def play() -> None:
        await scenario(Bot(), Answers())

    asyncio.run(play())


def test_the_same_id_gets_the_same_answer() -> None:
    async def scenario(bot: Bot, answers: Answers) -> None:
        bot.ready.set()
        first = await answers.once("someone", "1", bot.say)
        assert await answers.once("someone", "1", bot.say) == first
        assert await answers.once("someone", "2", bot.say) != first
        assert await answers.once("another", "1", bot.say) != first
        assert bot.asked == 3

    run(scenario)


def test_a_channel_that_dies_leaves_its_answer_to_the_next_one() -> None:
    async def scenario(bot: Bot, answers: Answers) -> None:
        dying = asyncio.ensure_future(answers.once("someone", "1", bot.say))
        await asyncio.sleep(0)
        dying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await dying
        again = asyncio.ensure_future(answers.once("someone", "1", bot.say))
        await asyncio.sleep(0)
        bot.ready.set()
        assert await again == [{"text": "réponse 1"}]

    run(scenario)


def test_what_failed_may_be_said_again() -> None:
    async def scenario(bot: Bot, answers: Answers) -> None:
        bot.ready.set()
        bot.fails = True
        assert await answers.once("someone", "1", bot.say) == []
        bot.fails = False
        assert await answers.once("someone", "1", bot.say) == [{"text": "réponse 2"}]

    run(scenario)


def test_a_conversation_erased_leaves_no_answer() -> None:
    async def scenario(bot: Bot, answers: Answers) -> None:
        bot.ready.set()
        await answers.once("someone", "1", bot.say)
        await answers.once("another", "1", bot.say)
        answers.forget("someone")
        await answers.once("someone", "1", bot.say)
        await answers.once("another", "1", bot.say)
        assert bot.asked == 3

    run(scenario)
