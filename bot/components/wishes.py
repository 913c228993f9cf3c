"""What the words of a clause say of a wish: asked, refused, lacking, or only a fact told.

Every text here is a clause as `FrenchTokenizer` writes it, its words joined by spaces: lower case,
no accents, « j' ai ».
"""

from __future__ import annotations

import re

# What a person wants or looks for: negated, it is a refusal. Any other negated verb
# (« j'ai pas », « je sais pas ») says a lack, which is a need.
WANT = (
    *("veux", "veut", "voulons", "voudrais", "voulais", "souhaite", "souhaiterais", "cherche"),
    *("recherche", "demande", "desire", "prefere"),
)
_WANT = f"(?:{'|'.join(WANT)})"
_OFFER = r"(?:propos|parl|envoy|renvoy|orient|donn|montr)\w*"
_WANTED_NOT_TO = (
    r"(?:seulement|juste|que|qu'|uniquement|perdre|rater|louper|rester|laisser|manquer|oublier"
    r"|dependre|etre|avoir|me|m'|y)(?: |$)"
)
_REFUSAL = re.compile(
    "|".join(
        (
            rf"\b{_WANT} (?:surtout |vraiment |absolument )?(?:pas|point)\b(?! {_WANTED_NOT_TO})",
            rf"\bne {_WANT}$",
            rf"\b(?:ne|n') (?:en )?{_WANT} plus\b",
            rf"\b{_WANT} plus (?:de|d'|du|aller|faire|entendre|suivre|passer) ",
            r"\bpas demande (?:de|d'|un|une|le|la|les|l'|du|des) ",
            r"\b(?:me|m'|nous) parle[sz]? (?:pas|plus)\b",
            rf"(?<!vous )(?<!vous ne )\b{_OFFER}ez (?:pas|plus)\b",
            r"\b(?:pas|plus|aucune?|jamais) (?:du tout |vraiment |trop )?(?:besoin|envie)\b",
            r"\b(?:pas|plus) (?:du tout |vraiment |trop )?interessee?s?\b",
            r"\binteresse(?:nt)? (?:pas|plus)\b",
            r"\b(?:je|j'|on|nous) (?:le |la |les |l' )?(?:refuse|refusons)\b|\b(?:inutile|marre)\b",
            r"(?:^|\b(?:et|mais|non|bon|ok|allez|donc|alors) )oublie[sz]?\b"
            r"(?! (?:mon|ma|mes|mot|mdp|code|identifiant|(?:le|les) (?:mot|mdp|code))\b)",
            r"\b(?:laisse[sz]?|laissons) tomber\b",
            r"\barrete[sz]? (?:de|d'|avec) ",
            r"\b(?:ca|ca me|c') suffi[tr]\b",
            r"\bras (?:- )?le (?:- )?bol\b",
            r"\b(?:assez|stop|fini) (?:de|d'|des|du|aux?|les) ",
            rf"\best pas (?:une?|de|d'|des|du|le|la|les|l') .+ (?:que|qu') (?:je|j'|on) {_WANT}\b",
            # English, Spanish, Portuguese, Italian.
            r"\b(?:don' t|dont|do not) (?:need|want)\b",
            r"\bno (?:quiero|necesito|busco)\b|\bnao (?:quero|preciso|procuro)\b",
            r"\bnon (?:voglio|cerco|ho bisogno|mi serve)\b",
        )
    )
)
_NAME_REFUSED = re.compile(
    r"^(?:(?:et|mais|ou|plutot) )*(?P<firm>(?:non |merci |surtout )+)?(?:mais )?"
    r"(?:pas|c' est pas|ce n' est pas|jamais) "
    r"(?!(?:loin|cher|trop|encore|mal|grave|sur|possible|bien|facile|beaucoup|assez|vraiment"
    r"|toujours|forcement|du tout|moi)\b)"
    r"(?P<full>(?:pour|dans|un|une|le|la|les|l'|des|du|cette|ce|cet|ces) )?"
)
# Alone, « pas de crèche » may say a lack and « pas une place en crèche » does.
_ALL_REFUSED = re.compile(
    r"^(?:(?:non|merci|surtout|mais|ah) )*pas une? (?!(?:seule?|place|sou|rond|centime|euro)\b)"
)
# « pas d'informatique, merci »: whoever lacks it does not say thanks.
_FIRMLY_REFUSED = re.compile(
    r"^(?:(?:non|merci|surtout|mais|ah) )+pas (?:de|d') "
    r"|^pas (?:de|d') .*\b(?:merci|svp|stp|s' il (?:vous|te) plait)$"
)
_REFUSED_AFTERWARDS = re.compile(r"\w+ (?:non|non merci|pas ca|pas la peine|pas pour moi)$")
_NOT_ONLY = re.compile(r"\bpourquoi pas\b|\bpas (?:que|qu'|seulement|juste|uniquement) ")

_LACK = re.compile(
    r"\b(?:ai|as|a|avons|avez|ont|avais|avait|sais|sait|savons|peux|peut|pouvons|arrive|arrivons"
    r"|comprends|comprend|parle|parlons|connais|lis|ecris|trouve|recois|marche|fonctionne)"
    r" (?:\w+ )?(?:pas|plus|personne|rien|aucune?|jamais|ni)\b"
    r"|\b(?:personne|nulle part|aucune?|sans)\b"
)
_TROUBLE = re.compile(
    r"\b(?:mal|peu|difficile|difficultes?|galere|problemes?|panne|casse|perdue?|bloquee?)\b"
)
_REQUEST = re.compile(
    r"\b(?:\w*cherch\w*|besoin|envie|veu[xt]|voud\w*|voul\w*|aim\w*|souhait\w*|aid\w*|trouv\w*"
    r"|comment|ou|quand|pourquoi|est ce|quel\w*|qui|faut|faudra\w*|doi[st]|pe[ru][txv]\w*"
    r"|pourr\w*|combien|interess\w*|inscrire|appren\w*|demand\w*|prefer\w*|sa(?:is|voir)|gard\w*|rappel\w*)\b"
)
_FACT = re.compile(r"^(?:et |car |donc )?(?:je|j'|on|nous|il|elle|mon|ma|mes|notre|nos) ")
_SATISFIED = re.compile(
    r"\b(?:ca va|parle (?:tres )?bien|parle couramment|est bon(?:ne)?|est reglee?|maitrise"
    r"|sais (?:deja |tres bien )?(?:faire|me servir|utiliser)|assez fait|y vais plus)\b"
)
_SETTLED = re.compile(
    r"\b(?:(?:va|vont|peut|pourra) (?:me )?(?:le|la|les|l'|nous) (?:\w+ )?"
    r"(?:garder|prendre|recuperer)|s' en (?:occupe|occupent|charge)"
    r"|(?:j' ai|on a) (?:enfin |deja )?trouve|est reglee?|plus besoin)\b"
)
_SUPPOSES = re.compile(r"^(?:et |mais )?si (?:je|j'|on|nous|mon|ma|mes|il|elle) ")
_HAD = re.compile(r"^(?:et )?(?:je|j') en ai (?:\w+ )?(?:fait|eu|suivi|vu|recu|passe)")
_CORRECTION = re.compile(r"\b(?:juste|seulement|uniquement|plutot)\b|^c' est .+ (?:qui|que|qu') ")
_SUBJECT = re.compile(r"\b(?:je|j'|on|nous|faut|faudrait) ")


def refuses(text: str) -> bool:
    """« je veux pas de stage », « j'en ai marre des formations », « laissez tomber la crèche »."""
    return _REFUSAL.search(text) is not None and _NOT_ONLY.search(text) is None


def refuses_a_name(text: str, others: list[str]) -> bool:
    """« pas une formation » when another clause says what is wanted: « un vrai boulot ».

    « pas d'ordinateur, je fais comment » says a lack: without a full article, what is refused
    must be corrected (« pas de stage, juste un emploi ») or come after « non » or « merci ».
    """
    if _NOT_ONLY.search(text):
        return False
    if not others:
        return _ALL_REFUSED.search(text) is not None or _FIRMLY_REFUSED.search(text) is not None
    if _REFUSED_AFTERWARDS.search(text):
        return True
    named = _NAME_REFUSED.search(text)
    if named is None:
        return False
    corrected = any(map(_CORRECTION.search, others)) or not any(map(_SUBJECT.search, others))
    return corrected or named["full"] is not None or named["firm"] is not None


def had_enough(text: str) -> bool:
    """« (des stages,) j'en ai fait trois »."""
    return _HAD.search(text) is not None


def lacks(text: str) -> bool:
    """« j'ai personne pour garder », « je sais pas lire »."""
    return _LACK.search(text) is not None


def is_settled(text: str) -> bool:
    """« sa grand-mère va le garder », « j'ai trouvé »: what was needed no longer is."""
    return _SETTLED.search(text) is not None


def tells_a_fact(text: str) -> bool:
    """« j'ai deux enfants », « si je travaille » beside a clause that asks."""
    if _SATISFIED.search(text) or _SUPPOSES.match(text):
        return True
    asks = any(pattern.search(text) for pattern in (_REQUEST, _LACK, _TROUBLE))
    return _FACT.search(text) is not None and not asks
