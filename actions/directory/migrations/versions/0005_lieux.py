"""Where a search looks for the services of a theme, worked out at import."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Searches read `service_lieux` instead.
OLD_INDEXES = (("service_thematiques", "thematique"), ("service_zones", "code"))


def upgrade() -> None:
    op.create_table(
        "service_lieux",
        sa.Column("thematique", sa.String(), nullable=False),
        sa.Column("lieu", sa.String(), nullable=False),
        sa.Column("rang", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("code_insee", sa.String(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("defaut", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("thematique", "lieu", "rang", name=op.f("pk_service_lieux")),
        sqlite_with_rowid=False,
    )
    for table, column in OLD_INDEXES:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)


def downgrade() -> None:
    for table, column in OLD_INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.drop_table("service_lieux")
