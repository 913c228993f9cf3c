"""Reports on records, and counts of needs that nothing answers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signalements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiche_id", sa.String(), nullable=False),
        sa.Column("lieu_id", sa.String(), nullable=False),
        sa.Column("motif", sa.String(), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("traite_le", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signalements")),
    )
    op.create_index(op.f("ix_signalements_lieu_id"), "signalements", ["lieu_id"], unique=False)
    op.create_table(
        "besoins_sans_reponse",
        sa.Column("code_insee", sa.String(), nullable=False),
        sa.Column("besoin", sa.String(), nullable=False),
        sa.Column("niveau", sa.String(), nullable=False),
        sa.Column("mois", sa.Date(), nullable=False),
        sa.Column("nombre", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "code_insee", "besoin", "niveau", "mois", name=op.f("pk_besoins_sans_reponse")
        ),
    )


def downgrade() -> None:
    op.drop_table("besoins_sans_reponse")
    op.drop_table("signalements")
