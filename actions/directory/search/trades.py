"""Trades and things that people name otherwise than the places that have them.

« aide-soignante » is taught by the « métiers de la santé et du social », « plombier » by the
« métiers et techniques industrielles » or on a building site; « des habits » are those of a
« vestiaire ».
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

THEMES = ("formation", "offre_partenaire")  # the needs where a trade or a thing is named
# Each line, beginnings of words (without accents, maybe several words) of one family of trades.
_FAMILIES = (
    "batiment, construction, travaux, macon, peintre, peinture, plombier, plomberie, electrici, "
    "carrel, second oeuvre, renovation, couvreur, platr, plaquiste",
    "industri, mecanic, mecanique, soudeur, soudure, usinage, chaudronn, plombier, plomberie, "
    "electrici, electrotechni, maintenance, technicien, carross",
    "menage, nettoyage, proprete, agent d entretien, agente d entretien, femme de chambre",
    "cuisin, restaura, cantine, plonge, serveu, hoteller, traiteur, boulang, patiss",
    "jardin, espaces vert, paysag, maraich, horticult",
    "logistique, cariste, caces, entrepot, magasinier, manutention, preparateur, livreu, livraison",
    "metiers de la sante, aide soignant, auxiliaire de vie, auxiliaire de puer, petite enfance, "
    "puericult, infirmi, aide a domicile, personnes agees, atsem, ambulancier, medico social",
    "commerce, vente, vendeu, caissi",
    "coutur, textile, retouche, confection",
    "informatique, developpeu, webmaster, dev web, developpement web",
    "secretai, secretari, comptab, bureautique, tertiaire",
    "securite, agent de secu, agente de secu, en secu, ssiap, gardiennage, surveillance",
    "chauffeu, conducteu, conduite, vtc, taxi, poids lourd, fimo, permis c",
    "coiff, estheti, onglerie",
)
# The same of what is lent, given or paid for, by finer need; the first word names the family.
_THINGS = {
    "mobilite": (
        "permis, auto ecole, code de la route, conduire, conduite",
        "velo, bicyclette, trottinette, vtt",
        "voiture, vehicule, garage, scooter, moto, essence",
        "transport, navigo, imagine r, bus, metro, rer, train, tram",
    ),
    "aide_materielle": (
        "alimentaire, aliment, nourriture, manger, epicerie, colis, repas, resto, courses",
        "vetement, habit, fringue, vestiaire, manteau, chaussure, blouson",
        "meuble, mobilier, canape, matelas, literie, lit bebe, lits, frigo, frigidaire, "
        "electromenager, machine a laver, gaziniere, vaisselle",
        "bebe, couche, poussette, biberon, puericulture, siege auto",
        "fourniture, cartable, rentree",
        "jouet, noel, cadeau",
        "sortie, vacance, loisir, cine, piscine, sport, theatre, musee, concert, spectacle, "
        "culture, colo",
    ),
}


def _split(lines: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(f" {start.strip()}" for start in line.split(",")) for line in lines)


TRADES = _split(_FAMILIES)
THINGS = {detail: _split(lines) for detail, lines in _THINGS.items()}


def named_in(simple_text: str, detail: str | None = None) -> str:
    """The beginning of the first trade or thing that this simplified text names; may be empty.

    Things are those of this finer need, trades those of all others.
    """
    text = f" {simple_text}"
    families = THINGS.get(detail or "", TRADES)
    return next((s.strip() for family in families for s in family if s in text), "")


def families_in(simple_text: str, detail: str | None = None) -> Iterator[tuple[str, ...]]:
    """The families of trades, or of things of this finer need, that this simplified text names."""
    text = f" {simple_text}"
    families = THINGS.get(detail or "", TRADES)
    return (family for family in families if any(start in text for start in family))
