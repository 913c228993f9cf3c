"""Changes of the directory's tables over time (Alembic, set up here rather than in a file)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from actions.directory.database import one_writer

# The newest revision, so that starting need not load Alembic when there is nothing to do.
HEAD = "0006"


def is_current(engine: Engine) -> bool:
    """Whether the tables of this database are those of the code."""
    if not inspect(engine).has_table("alembic_version"):
        return False
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return bool(found == HEAD)


def upgrade(engine: Engine) -> None:
    """Bring the tables of this database up to date, in one transaction."""
    from alembic import command
    from alembic.config import Config

    from actions.directory import reach

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with one_writer(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        reach.fill(connection, date.today())
