"""First tables of the directory."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "communes",
        sa.Column("code_insee", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("departement", sa.String(), nullable=False),
        sa.Column("codes_postaux", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("siren_epci", sa.String(), nullable=True),
        sa.Column("epci", sa.String(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("coordonnees_estimees", sa.Boolean(), nullable=False),
        sa.Column("commune_mere", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code_insee", name=op.f("pk_communes")),
    )
    op.create_index(op.f("ix_communes_departement"), "communes", ["departement"], unique=False)
    op.create_index(op.f("ix_communes_siren_epci"), "communes", ["siren_epci"], unique=False)
    op.create_table(
        "evenements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("debut", sa.DateTime(), nullable=True),
        sa.Column("fin", sa.DateTime(), nullable=True),
        sa.Column("lieu", sa.String(), nullable=True),
        sa.Column("adresse", sa.String(), nullable=True),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("code_insee", sa.String(), nullable=True),
        sa.Column("organisateur", sa.String(), nullable=True),
        sa.Column("public", sa.String(), nullable=True),
        sa.Column("inscription", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("lu_le", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evenements")),
    )
    op.create_index(op.f("ix_evenements_debut"), "evenements", ["debut"], unique=False)
    op.create_table(
        "offres",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("organisme", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("adresse", sa.String(), nullable=True),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("code_insee", sa.String(), nullable=True),
        sa.Column("telephone", sa.String(), nullable=True),
        sa.Column("courriel", sa.String(), nullable=True),
        sa.Column("lien", sa.String(), nullable=True),
        sa.Column("zone_eligibilite", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("valable_du", sa.Date(), nullable=True),
        sa.Column("valable_au", sa.Date(), nullable=False),
        sa.Column("date_maj", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("lu_le", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offres")),
    )
    op.create_index(op.f("ix_offres_valable_au"), "offres", ["valable_au"], unique=False)
    op.create_table(
        "structures",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("siret", sa.String(), nullable=True),
        sa.Column("site_web", sa.String(), nullable=True),
        sa.Column("horaires_accueil", sa.String(), nullable=True),
        sa.Column("accessibilite_lieu", sa.String(), nullable=True),
        sa.Column("reseaux_porteurs", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("lien_source", sa.String(), nullable=True),
        sa.Column("date_maj", sa.Date(), nullable=False),
        sa.Column("date_inconnue", sa.Boolean(), nullable=False),
        sa.Column("date_precision", sa.String(), nullable=False),
        sa.Column("page_source", sa.String(), nullable=True),
        sa.Column("lu_le", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("code_postal", sa.String(), nullable=True),
        sa.Column("code_insee", sa.String(), nullable=True),
        sa.Column("adresse", sa.String(), nullable=True),
        sa.Column("complement_adresse", sa.String(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("telephone", sa.String(), nullable=True),
        sa.Column("courriel", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structures")),
    )
    op.create_table(
        "services",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("structure_id", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("thematiques", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("frais", sa.String(), nullable=True),
        sa.Column("frais_precisions", sa.String(), nullable=True),
        sa.Column("publics", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("publics_precisions", sa.String(), nullable=True),
        sa.Column("conditions_acces", sa.String(), nullable=True),
        sa.Column("modes_accueil", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("zone_eligibilite", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("contact_nom_prenom", sa.String(), nullable=True),
        sa.Column("lien_mobilisation", sa.String(), nullable=True),
        sa.Column("modes_mobilisation", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("mobilisable_par", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("mobilisation_precisions", sa.String(), nullable=True),
        sa.Column("volume_horaire_hebdomadaire", sa.Float(), nullable=True),
        sa.Column("nombre_semaines", sa.Integer(), nullable=True),
        sa.Column("horaires_accueil", sa.String(), nullable=True),
        sa.Column("lieu_code_insee", sa.String(), nullable=True),
        sa.Column("lieu_departement", sa.String(), nullable=True),
        sa.Column("lieu_latitude", sa.Float(), nullable=True),
        sa.Column("lieu_longitude", sa.Float(), nullable=True),
        sa.Column("lieu_approche", sa.Boolean(), nullable=False),
        sa.Column("a_distance", sa.Boolean(), nullable=False),
        sa.Column("nom_simple", sa.String(), nullable=False),
        sa.Column("texte_simple", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("lien_source", sa.String(), nullable=True),
        sa.Column("date_maj", sa.Date(), nullable=False),
        sa.Column("date_inconnue", sa.Boolean(), nullable=False),
        sa.Column("date_precision", sa.String(), nullable=False),
        sa.Column("page_source", sa.String(), nullable=True),
        sa.Column("lu_le", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("commune", sa.String(), nullable=True),
        sa.Column("code_postal", sa.String(), nullable=True),
        sa.Column("code_insee", sa.String(), nullable=True),
        sa.Column("adresse", sa.String(), nullable=True),
        sa.Column("complement_adresse", sa.String(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("telephone", sa.String(), nullable=True),
        sa.Column("courriel", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structures.id"],
            name=op.f("fk_services_structure_id_structures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    )
    op.create_index(
        op.f("ix_services_lieu_code_insee"), "services", ["lieu_code_insee"], unique=False
    )
    op.create_index(
        op.f("ix_services_lieu_departement"), "services", ["lieu_departement"], unique=False
    )
    op.create_index(
        op.f("ix_services_lieu_latitude_lieu_longitude"),
        "services",
        ["lieu_latitude", "lieu_longitude"],
        unique=False,
    )
    op.create_index(op.f("ix_services_structure_id"), "services", ["structure_id"], unique=False)
    op.create_table(
        "structure_reseaux",
        sa.Column("structure_id", sa.String(), nullable=False),
        sa.Column("reseau", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structures.id"],
            name=op.f("fk_structure_reseaux_structure_id_structures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("structure_id", "reseau", name=op.f("pk_structure_reseaux")),
    )
    op.create_index(
        op.f("ix_structure_reseaux_reseau"), "structure_reseaux", ["reseau"], unique=False
    )
    op.create_table(
        "service_thematiques",
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("thematique", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["services.id"],
            name=op.f("fk_service_thematiques_service_id_services"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "thematique", name=op.f("pk_service_thematiques")),
    )
    op.create_index(
        op.f("ix_service_thematiques_thematique"),
        "service_thematiques",
        ["thematique"],
        unique=False,
    )
    op.create_table(
        "service_zones",
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["services.id"],
            name=op.f("fk_service_zones_service_id_services"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "code", name=op.f("pk_service_zones")),
    )
    op.create_index(op.f("ix_service_zones_code"), "service_zones", ["code"], unique=False)


def downgrade() -> None:
    for table in (
        "offres",
        "evenements",
        "service_zones",
        "service_thematiques",
        "services",
        "structure_reseaux",
        "structures",
        "communes",
    ):
        op.drop_table(table)
