"""Tables of the directory: data·inclusion's vocabulary (schema v1), plus events and offers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share: names of constraints, and lists kept as JSON."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        list[str]: JSON(none_as_null=True),
        dict[str, str]: JSON(none_as_null=True),
    }


class Imported:
    """How an import knows a record again.

    `origine` is the name of the source that gave it, and that alone may change or remove it;
    `empreinte` is a digest of what the source said, the same as long as it says the same.
    """

    origine: Mapped[str] = mapped_column(default="annuaire", server_default="annuaire")
    empreinte: Mapped[str] = mapped_column(default="", server_default="")


class Merged:
    """What several sources say of one place or service.

    `doublon_de` is the id of the record shown instead of this one. The record shown has in
    `complete_par`, for each fact that its own source leaves out, the id of the record it is from.
    """

    doublon_de: Mapped[str | None]
    complete_par: Mapped[dict[str, str] | None]


class Provenance:
    """Where a record comes from and what its date is worth.

    `date_maj` is the date of the information, except where `date_inconnue` holds: there it is
    only the day the source was read. `date_precision` is `jour`, `mois` or `annee`.
    """

    source: Mapped[str]
    lien_source: Mapped[str | None]
    date_maj: Mapped[date]
    date_inconnue: Mapped[bool]
    date_precision: Mapped[str]
    page_source: Mapped[str | None]
    lu_le: Mapped[date | None]
    note: Mapped[str | None]


class Adresse:
    """Where a record is. Coordinates in degrees (WGS 84)."""

    commune: Mapped[str | None]
    code_postal: Mapped[str | None]
    code_insee: Mapped[str | None]
    adresse: Mapped[str | None]
    complement_adresse: Mapped[str | None]
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    telephone: Mapped[str | None]
    courriel: Mapped[str | None]


class Commune(Base):
    """A commune, or an arrondissement of Paris, Lyon or Marseille (`commune_mere`)."""

    __tablename__ = "communes"

    code_insee: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    departement: Mapped[str] = mapped_column(index=True)
    codes_postaux: Mapped[list[str]]
    siren_epci: Mapped[str | None] = mapped_column(index=True)
    epci: Mapped[str | None]
    population: Mapped[int]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    coordonnees_estimees: Mapped[bool]
    commune_mere: Mapped[str | None]
    empreinte: Mapped[str] = mapped_column(default="", server_default="")


class Structure(Imported, Merged, Provenance, Adresse, Base):
    """An organisation, as in data·inclusion; `*_simple` are its name and address simplified."""

    __tablename__ = "structures"

    id: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    description: Mapped[str | None]
    siret: Mapped[str | None]
    site_web: Mapped[str | None]
    horaires_accueil: Mapped[str | None]
    accessibilite_lieu: Mapped[str | None]
    reseaux_porteurs: Mapped[list[str] | None]

    nom_simple: Mapped[str] = mapped_column(default="", server_default="")
    adresse_simple: Mapped[str] = mapped_column(default="", server_default="")

    services: Mapped[list[Service]] = relationship(back_populates="structure", passive_deletes=True)


class StructureReseau(Base):
    """One network of a structure, to search by.

    No foreign key, as for the other lists: PostgreSQL would look up and lock the parent of each
    row, a third of what an import costs it. Only an import writes these rows, in the transaction
    that writes their parents.
    """

    __tablename__ = "structure_reseaux"

    structure_id: Mapped[str] = mapped_column(primary_key=True)
    reseau: Mapped[str] = mapped_column(primary_key=True, index=True)


class Service(Imported, Merged, Provenance, Adresse, Base):
    """What a structure offers, as in data·inclusion.

    The columns `lieu_*`, `a_distance`, `nom_simple` and `texte_simple` are worked out at import
    from the service, its structure and its commune: search reads only them.
    """

    __tablename__ = "services"
    __table_args__ = (Index(None, "lieu_latitude", "lieu_longitude"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    structure_id: Mapped[str] = mapped_column(
        ForeignKey(Structure.id, ondelete="CASCADE"), index=True
    )
    nom: Mapped[str]
    description: Mapped[str]
    type: Mapped[str | None]
    thematiques: Mapped[list[str] | None]
    frais: Mapped[str | None]
    frais_precisions: Mapped[str | None]
    publics: Mapped[list[str] | None]
    publics_precisions: Mapped[str | None]
    conditions_acces: Mapped[str | None]
    modes_accueil: Mapped[list[str] | None]
    zone_eligibilite: Mapped[list[str] | None]
    contact_nom_prenom: Mapped[str | None]
    lien_mobilisation: Mapped[str | None]
    modes_mobilisation: Mapped[list[str] | None]
    mobilisable_par: Mapped[list[str] | None]
    mobilisation_precisions: Mapped[str | None]
    volume_horaire_hebdomadaire: Mapped[float | None]
    nombre_semaines: Mapped[int | None]
    horaires_accueil: Mapped[str | None]

    lieu_code_insee: Mapped[str | None] = mapped_column(default=None, index=True)
    lieu_departement: Mapped[str | None] = mapped_column(default=None, index=True)
    lieu_latitude: Mapped[float | None] = mapped_column(default=None)
    lieu_longitude: Mapped[float | None] = mapped_column(default=None)
    lieu_approche: Mapped[bool] = mapped_column(default=False)
    a_distance: Mapped[bool] = mapped_column(default=False)
    nom_simple: Mapped[str] = mapped_column(default="")
    texte_simple: Mapped[str] = mapped_column(default="")

    structure: Mapped[Structure] = relationship(back_populates="services")


class ServiceThematique(Base):
    """One theme of a service, to search by."""

    __tablename__ = "service_thematiques"

    service_id: Mapped[str] = mapped_column(primary_key=True)
    thematique: Mapped[str] = mapped_column(primary_key=True)


class ServiceZone(Base):
    """One code of a service's `zone_eligibilite`: commune, EPCI, département or country."""

    __tablename__ = "service_zones"

    service_id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)


class ServiceLieu(Base):
    """A place or zone where a service of a theme is looked for (`actions/directory/reach.py`).

    `rang` sorts the services of one theme and place, 1 for the one about which most is known;
    `defaut` is what it lacks, in thousandths of a score. Made again by each import.
    """

    __tablename__ = "service_lieux"
    # Searches read ranges of the key: the rows must be in its order.
    __table_args__ = ({"sqlite_with_rowid": False},)

    thematique: Mapped[str] = mapped_column(primary_key=True)
    lieu: Mapped[str] = mapped_column(primary_key=True)
    rang: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    service_id: Mapped[str]
    code_insee: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    defaut: Mapped[int]


class Evenement(Imported, Base):
    """A forum, a job dating… `debut` is None where the source gives no full date.

    Dates and times are those of Paris; midnight means that the hour is unknown. `statut` is
    `annule`, `complet`, or None where nothing is said.
    """

    __tablename__ = "evenements"

    id: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    type: Mapped[str | None]
    debut: Mapped[datetime | None] = mapped_column(index=True)
    fin: Mapped[datetime | None]
    lieu: Mapped[str | None]
    adresse: Mapped[str | None]
    commune: Mapped[str | None]
    code_insee: Mapped[str | None]
    organisateur: Mapped[str | None]
    public: Mapped[str | None]
    inscription: Mapped[str | None]
    description: Mapped[str | None]
    statut: Mapped[str | None]
    source: Mapped[str | None]
    lu_le: Mapped[date | None]
    note: Mapped[str | None]


class Offre(Imported, Base):
    """A partner's offer, shown only from `valable_du` to `valable_au`, both included.

    `type` is a detail of the need `offre_partenaire`: `emploi`, `insertion`, `creation`,
    `mobilite` or `aide_materielle`.
    """

    __tablename__ = "offres"

    id: Mapped[str] = mapped_column(primary_key=True)
    nom: Mapped[str]
    type: Mapped[str | None]
    organisme: Mapped[str | None]
    description: Mapped[str | None]
    adresse: Mapped[str | None]
    commune: Mapped[str | None]
    code_insee: Mapped[str | None]
    telephone: Mapped[str | None]
    courriel: Mapped[str | None]
    lien: Mapped[str | None]
    zone_eligibilite: Mapped[list[str] | None]
    valable_du: Mapped[date | None]
    valable_au: Mapped[date] = mapped_column(index=True)
    date_maj: Mapped[date | None]
    source: Mapped[str | None]
    lu_le: Mapped[date | None]
