"""One bot for all the conversations, with the clock of its actions stopped."""

import pytest

from channels.stack import private_stack


@pytest.fixture(scope="session")
def bot_port(annuaire_url, tmp_path_factory):
    """The port of a bot whose directory is the seed and the fixture event."""
    log = tmp_path_factory.mktemp("conversations") / "stack.log"
    with private_stack(log, "tests.frozen_actions", "--enable-api") as (_, port):
        yield port
