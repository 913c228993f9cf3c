"""Whether a place is what a person asks for: free, open that day, in reach of a wheelchair…

What the record does not say is no failure: `None` here, lower in the order, and told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from actions.directory import hours
from actions.directory.schemas import Conditions
from actions.directory.search.candidates import Facts
from actions.directory.text import simplify
from actions.directory.words import DAYS
from actions.french import listing

_DENIED = r"(?:pas|non|peu|jamais|in)(?: \w+)? ?"
_FREE = re.compile(r"\bgratuit")
_NOT_FREE = re.compile(r"\b(?:pas|non) (?:\w+ )?gratuit")
_ACCESSIBLE = re.compile(
    r"accessibles? (?:\w+ ){0,2}(?:pmr|fauteuils?|mobilite reduite|personnes a mobilite reduite"
    r"|handicap\w*|personnes handicapees)|acces pmr|rampe d acces"
)
_NOT_ACCESSIBLE = re.compile(rf"{_DENIED}accessibles? (?:\w+ ){{0,5}}(?:pmr|fauteuils?|reduite)")
_CHILDREN = re.compile(
    r"enfants? (?:\w+ )?(?:bienvenus?|acceptes?|admis|accueillis?)|avec (?:vos|leurs?|son) enfants?"
    r"|parents? (?:et )?enfants?|garde (?:d enfants )?sur place|halte garderie sur place"
)
_NO_CHILDREN = re.compile(
    r"(?:sans (?:vos |les |leurs )?enfants|enfants (?:ne sont )?(?:non|pas) (?:admis|acceptes)"
    r"|reserve aux adultes|adultes (?:uniquement|seulement))"
)


@dataclass(frozen=True)
class Verdict:
    """What a record says of one condition: True, False, or None (nothing), and in words."""

    holds: bool | None
    phrase: str


def verdicts(row: Facts, conditions: Conditions, publics: Collection[str]) -> Iterator[Verdict]:
    """What a service says of each condition asked for.

    Args:
        row: with the facts that are read for conditions.
        publics: those the person is known to belong to.
    """
    if conditions.free:
        yield _free(row)
    if conditions.remote:
        yield _remote(row.modes_accueil)
    if conditions.accessible:
        yield _accessible(row)
    if conditions.children:
        yield _children(row)
    if conditions.days:
        yield _open_on(row, conditions, frozenset(publics))
    if conditions.now:
        yield _open_now(row, conditions)


def _free(row: Facts) -> Verdict:
    told = simplify(row.frais_precisions or "")
    sometimes = _FREE.search(told) and not _NOT_FREE.search(told)
    if row.frais == "gratuit":
        return Verdict(True, "gratuit")
    if row.frais == "payant":
        if sometimes:
            return Verdict(None, "payant, mais gratuit dans certains cas")
        return Verdict(False, "payant")
    if sometimes:
        return Verdict(True, "gratuit")
    return Verdict(None, "prix non précisé")


def _remote(modes: Sequence[str] | None) -> Verdict:
    if not modes:
        return Verdict(None, "rien ne dit si c'est possible à distance")
    if "a-distance" in modes:
        return Verdict(True, "possible à distance")
    return Verdict(False, "accueil sur place")


def _accessible(row: Facts) -> Verdict:
    told = _told(row)
    if _NOT_ACCESSIBLE.search(told):
        return Verdict(False, "pas accessible en fauteuil roulant")
    if _ACCESSIBLE.search(told):
        return Verdict(True, "accessible en fauteuil roulant")
    if row.accessibilite_lieu:
        return Verdict(None, "accès en fauteuil roulant décrit sur Acceslibre")
    return Verdict(None, "accès en fauteuil roulant non précisé")


def _children(row: Facts) -> Verdict:
    told = _told(row)
    if _NO_CHILDREN.search(told):
        return Verdict(False, "sans les enfants")
    if _CHILDREN.search(told) or "familles" in (row.publics or ()):
        return Verdict(True, "accueille aussi les familles")
    return Verdict(None, "rien ne dit si les enfants peuvent venir")


def _told(row: Facts) -> str:
    """What a record says in words, simplified."""
    more = " . ".join(filter(None, (row.conditions_acces, row.publics_precisions)))
    return f"{row.nom_simple} {row.texte_simple} {simplify(more)}"


def _open_on(row: Facts, conditions: Conditions, publics: frozenset[str]) -> Verdict:
    names = [DAYS[day.weekday()] for day in conditions.days]
    found = [
        hours.opens_on(row.horaires, day, row.lieu_code_insee, publics) if row.horaires else None
        for day in conditions.days
    ]
    opened = [day for day, opens in zip(conditions.days, found, strict=True) if opens]
    if opened:
        return Verdict(True, f"ouvert le {DAYS[opened[0].weekday()]}")
    if None in found:
        of_days = listing([f"du {name}" for name in names])
        return Verdict(None, f"horaires {of_days} non connus")
    return Verdict(False, "fermé " + listing([f"le {name}" for name in names]))


def _open_now(row: Facts, conditions: Conditions) -> Verdict:
    now = conditions.now
    opening = row.horaires and now and hours.opening_at(row.horaires, now, row.lieu_code_insee)
    if not opening or opening.state == hours.UNKNOWN:
        return Verdict(None, "horaires non connus")
    if opening.state == hours.OPEN:
        return Verdict(True, "ouvert en ce moment")
    return Verdict(False, "fermé en ce moment")
