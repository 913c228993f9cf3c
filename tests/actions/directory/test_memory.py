"""What a search remembers must never outlive a change of the directory."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from actions.directory.search.memory import MOST, remembered


def test_the_same_question_is_computed_once(empty_engine):
    computed = []
    with Session(empty_engine) as session:
        for _ in range(3):
            remembered(session, "key", lambda: computed.append(1))
    assert len(computed) == 1


def test_everything_is_computed_again_once_someone_else_has_written(empty_engine):
    with Session(empty_engine) as session:
        assert remembered(session, "key", lambda: "before") == "before"
    with empty_engine.connect() as kept:  # so that the next write comes by another connection
        kept.execute(text("SELECT 1"))
        kept.commit()
        with empty_engine.begin() as other:
            other.execute(text("CREATE TABLE something (id INTEGER)"))
    with Session(empty_engine) as session:
        assert remembered(session, "key", lambda: "after") == "after"


def test_everything_is_computed_again_once_the_same_connection_has_written(empty_engine):
    with empty_engine.begin() as connection:
        connection.execute(text("CREATE TABLE something (id INTEGER)"))
    with Session(empty_engine) as session:
        assert remembered(session, "key", lambda: "before") == "before"
        session.execute(text("INSERT INTO something VALUES (1)"))
        session.commit()
    with Session(empty_engine) as session:
        assert remembered(session, "key", lambda: "after") == "after"


def test_the_memory_is_bounded(empty_engine):
    with Session(empty_engine) as session:
        for key in range(MOST + 10):
            remembered(session, key, lambda key=key: key)
        _, known = session.connection().info["remembered"]
    assert len(known) <= MOST
