"""Trades that people name otherwise than the places that teach or employ them.

« aide-soignante » is taught by the « métiers de la santé et du social », « plombier » by the
« métiers et techniques industrielles » or on a building site.
"""

from __future__ import annotations

from collections.abc import Iterator

THEMES = ("formation", "offre_partenaire")  # the needs where a trade is named
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
FAMILIES = tuple(tuple(f" {start.strip()}" for start in line.split(",")) for line in _FAMILIES)


def named_in(simple_text: str) -> str:
    """The beginning of the first trade that this simplified text names; empty without any."""
    text = f" {simple_text}"
    return next((s.strip() for family in FAMILIES for s in family if s in text), "")


def families_in(simple_text: str) -> Iterator[tuple[str, ...]]:
    """The families of trades that this simplified text names."""
    text = f" {simple_text}"
    return (family for family in FAMILIES if any(start in text for start in family))
