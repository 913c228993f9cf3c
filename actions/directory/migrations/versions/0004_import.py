"""Where a record comes from, what it was last time, and which record stands for it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DIGESTED = ("communes", "structures", "services", "evenements", "offres")
NAMED = ("structures", "services", "evenements", "offres")
MERGED = ("structures", "services")


def upgrade() -> None:
    for table in DIGESTED:
        _add(table, "empreinte", sa.String(), default="")
    for table in NAMED:
        _add(table, "origine", sa.String(), default="annuaire")
    for table in MERGED:
        _add(table, "doublon_de", sa.String())
        _add(table, "complete_par", sa.JSON(none_as_null=True))
    for column in ("nom_simple", "adresse_simple"):
        _add("structures", column, sa.String(), default="")
    _add("evenements", "statut", sa.String())


def _add(
    table: str, name: str, type_: sa.types.TypeEngine[Any], default: str | None = None
) -> None:
    # Rows that are there keep these defaults until the next import, which rewrites them all.
    nullable = default is None
    op.add_column(table, sa.Column(name, type_, nullable=nullable, server_default=default))


def downgrade() -> None:
    op.drop_column("evenements", "statut")
    for column in ("nom_simple", "adresse_simple"):
        op.drop_column("structures", column)
    for table in MERGED:
        op.drop_column(table, "doublon_de")
        op.drop_column(table, "complete_par")
    for table in NAMED:
        op.drop_column(table, "origine")
    for table in DIGESTED:
        op.drop_column(table, "empreinte")
