"""The lists that are searched by lose their foreign keys: see `StructureReseau`."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PARENTS = {
    "structure_reseaux": ("structures", "structure_id"),
    "service_thematiques": ("services", "service_id"),
    "service_zones": ("services", "service_id"),
}


def upgrade() -> None:
    for table, (parent, column) in PARENTS.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_{column}_{parent}"), type_="foreignkey")


def downgrade() -> None:
    for table, (parent, column) in PARENTS.items():
        with op.batch_alter_table(table) as batch:
            batch.create_foreign_key(
                op.f(f"fk_{table}_{column}_{parent}"),
                *(parent, [column], ["id"]),
                ondelete="CASCADE",
            )
