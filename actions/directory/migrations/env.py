"""What Alembic runs: the revisions, on the connection given by `upgrade`."""

from alembic import context

from actions.directory import followup  # noqa: F401  its tables, beside the directory's
from actions.directory.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
