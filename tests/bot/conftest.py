"""The trained model, shared by the tests that read real sentences."""

import asyncio

import pytest


@pytest.fixture(scope="session")
def parse():
    """What the newest model of `models/` understands: `parse(text)` as `/model/parse` gives."""
    from tests.bot.evaluate import newest_model, parser

    model = newest_model()
    if model is None:
        pytest.skip("no model in models/: run make train")
    understand = parser(model)
    return lambda text: asyncio.run(understand(text))
