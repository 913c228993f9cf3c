"""A directory that holds only the invented places of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from invented import BONDY, NOW, PANTIN, commune
from sqlalchemy.orm import Session, sessionmaker

from actions.directory import migrations, reach
from actions.directory.database import create_directory_engine, session_factory


@pytest.fixture
def directory(tmp_path: Any) -> Iterator[Callable[..., sessionmaker[Session]]]:
    """Call it with places (`place(…)`): a maker of sessions on a directory that holds only them."""
    engine = create_directory_engine(f"sqlite:///{tmp_path / 'annuaire.sqlite'}")
    migrations.upgrade(engine)

    def filled(*places: list[Any]) -> sessionmaker[Session]:
        sessions = session_factory(engine)
        with sessions() as session, session.begin():
            session.add_all([commune(**BONDY), commune(**PANTIN)])
            for rows in places:
                for row in rows:
                    session.add(row)
                    session.flush()
            reach.fill(session.connection(), NOW.date())
        return sessions

    yield filled
    engine.dispose()
