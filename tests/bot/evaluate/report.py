"""The tables that show the figures, whatever they are written to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.bot.evaluate.changes import Change, Turned, flat, headlines_of
from tests.bot.evaluate.figures import (
    ENCODED,
    SHORT,
    Figures,
    Parsed,
    Sentence,
    faults,
    language_read,
    town_read,
)

if TYPE_CHECKING:
    from tests.bot.evaluate.crossvalidation import Doubtful

CONFUSION, RELIABILITY = "confusion", "reliability"  # pictures
CHANGES = "Changes since the last commit"
NONE = "none"
MANY = 3  # times that a confusion must be seen to be listed

STYLES = {
    "autre_langue": "another language",
    "correct": "correct",
    "court": "short",
    "dictee": "dictated",
    "indirect": "indirect",
    "langue_seconde": "second language",
    "long": "long",
    "majuscules": "capitals",
    "phonetique": "phonetic",
    "sans_accent": "no accents",
    "sms": "SMS",
}
PLACES = {
    "all": "all messages",
    "exact": "exact",
    "typo": "typo",
    "abreviation": "abbreviation",
    "code_postal": "postal code",
    "ancienne": "former commune",
    "quartier": "district",
    "ambigu": "ambiguous",
    "refuse": "two towns, one refused",
    "hors_zone": "outside the départements covered",
    "aucun": "none, but words that look like one",
    "sans_lieu": "none",
}
GROUPS = {
    "french": "French",
    "encoder_knows": "others that the encoder knows",
    "encoder_is_weak": "others where the encoder is weak",
}


@dataclass(frozen=True)
class Section:
    """A title, a note, a table, and the name of a picture, each of them possibly empty.

    `is_long`: better folded where a page can fold.
    """

    title: str
    note: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    picture: str = ""
    is_long: bool = False


def sections(figures: Figures) -> list[Section]:
    """The tables of every figure."""
    flattened = flat(figures)
    calibration, town, language = (figures[name] for name in ("calibration", "town", "language"))
    shown = [
        Section(
            "Whole",
            "« Not sure » counts as a refusal. Towns: precision over the messages where one was "
            "read, recall over those where one was wanted.",
            ("figure", "value"),
            tuple((name, number(flattened[path])) for path, name in headlines_of(flattened)),
        ),
        Section(
            "By theme",
            "What `acceptes` names counts as the theme expected.",
            ("theme", "messages", "precision", "recall", "F1"),
            _rows(figures["by_theme"], "messages", "precision", "recall", "f1"),
        ),
        Section(
            "By style",
            "Macro-F1: the mean F1 of the themes of these messages.",
            ("style", "messages", "accuracy", "macro-F1"),
            _rows(_named(figures["by_style"], STYLES), "messages", "accuracy", "macro_f1"),
        ),
        Section(
            "By language",
            f"ISO 639-1. The encoder knows {', '.join(ENCODED)}; it is weak in the others.",
            ("language", "messages", "accuracy", "macro-F1", "language recognised"),
            _rows(_languages(figures), "messages", "accuracy", "macro_f1", "recognised"),
        ),
        Section(
            "Recognising the language",
            f"Short: at most {SHORT} characters. Without the entity `langue`, French.",
            ("messages", "count", "right", "others recognised", "French taken for another"),
            _rows(
                {"all": language["all"], "short": language["short"]},
                "messages",
                "accuracy",
                "others_recognised",
                "french_taken_for_another",
            ),
        ),
        Section(
            "Confusions",
            f"Those seen {MANY} times or more.",
            ("expected", "read", "messages"),
            _confusions(figures["confusion"]),
            CONFUSION,
        ),
        Section(
            "Towns",
            "Right: read exactly as labelled, « no town » included.",
            ("how it is written", "messages", "right", "precision", "recall", "F1"),
            _rows(_named(town, PLACES), "messages", "right", "precision", "recall", "f1"),
        ),
        Section(
            "Calibration",
            "Of the classifier's likeliest subject, before any rule. Expected calibration error: "
            f"{number(calibration['expected_error'])}.",
            ("probability from", "messages", "mean probability", "right"),
            _rows(
                {f"{each['from']:.1f}": each for each in calibration["bins"]},
                "messages",
                "probability",
                "right",
            ),
            RELIABILITY,
        ),
    ]
    validated = figures.get("cross_validation")
    if validated:
        shown.append(
            Section(
                "Cross-validation of the training sentences",
                f"The classifier alone, without any rule, in {validated['folds']} folds. No two "
                "training sentences are alike and many stand at a border: less is right here "
                "than in the messages of people.",
                ("theme", "sentences", "precision", "recall", "F1"),
                _rows(validated["by_theme"], "messages", "precision", "recall", "f1"),
            )
        )
    return shown


def error_sections(sentences: list[Sentence], parsed: list[Parsed]) -> dict[str, Section]:
    """Every held-out message that is misread, by fault; the message is the last cell."""
    cells: dict[str, Callable[[Sentence, Parsed], tuple[str, ...]]] = {
        "subject": lambda s, p: (s["theme"], *_guesses(p)),
        "town": lambda s, p: (s["commune"] or NONE, town_read(p) or NONE),
        "language": lambda s, p: (s["langue"], language_read(p)),
    }
    guesses = {"subject": ("read", "second guess")}
    return {
        fault: Section(
            f"Misread ({fault}): {len(wrong)}",
            header=("expected", *guesses.get(fault, ("read",)), "message"),
            rows=tuple(
                sorted(
                    (*cells[fault](sentences[row], parsed[row]), sentences[row]["text"])
                    for row in wrong
                )
            ),
            is_long=True,
        )
        for fault, wrong in faults(sentences, parsed).items()
    }


def follow_up_section(misread: list[tuple[Sentence, str]]) -> Section:
    """What follows an answer, taken out of the subject or kept in it wrongly."""
    return Section(
        f"Misread (what follows an answer): {len(misread)}",
        "« lieux », « meme », « autres »: of what was shown, a detail, others wanted.",
        ("under", "expected", "read", "message"),
        tuple(sorted((s["theme"], ", ".join(s["lu"]), meant, s["text"]) for s, meant in misread)),
        is_long=True,
    )


def question_section(misread: list[tuple[Sentence, list[str]]]) -> Section:
    """What is asked or told of places, and read as something else or as nothing."""
    return Section(
        f"Misread (what is asked or told of places): {len(misread)}",
        "",
        ("under", "expected", "read", "message"),
        tuple(
            sorted(
                (s["theme"], s["champ"], ", ".join(fields) or NONE, s["text"])
                for s, fields in misread
            )
        ),
        is_long=True,
    )


def doubtful_section(doubtful: list[Doubtful]) -> Section:
    """Training sentences whose label the others contradict."""
    return Section(
        f"Training sentences that the others contradict: {len(doubtful)}",
        "The label may be wrong, or the sentence may need others like it.",
        ("labelled", "read", "probability", "sentence"),
        tuple((d.labelled, d.found, f"{d.probability:.2f}", d.text) for d in doubtful),
        is_long=True,
    )


def change_sections(
    changed: list[Change], turned: dict[str, Turned], errors: dict[str, Section]
) -> list[Section]:
    """What changed since the last commit: figures, then messages by fault."""
    figures = tuple(
        (each.name, number(each.before), number(each.now), _difference(each)) for each in changed
    )
    shown = [Section(CHANGES, "", ("figure", "before", "now", "change"), figures)]
    for fault, each in turned.items():
        right = tuple((text,) for text in each.right)
        wrong = tuple(row for row in errors[fault].rows if row[-1] in each.wrong)
        shown += [
            Section(f"Newly {verdict} ({fault}): {len(rows)}", "", header, rows)
            for verdict, header, rows in (
                ("right", ("message",), right),
                ("wrong", errors[fault].header, wrong),
            )
            if rows
        ]
    return shown


def number(value: float | None) -> str:
    """A count, a share with three decimals, or a dash."""
    if value is None:
        return "—"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"


def _difference(change: Change) -> str:
    if change.before is None or change.now is None:
        return "new"
    gap = change.now - change.before
    if isinstance(gap, int):
        return f"{gap:+,}" if gap else "="
    return f"{gap:+.3f}" if abs(gap) >= 0.0005 else "="


def _rows(table: dict[str, Figures], *columns: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (name, *(number(each.get(column)) for column in columns)) for name, each in table.items()
    )


def _named(table: dict[str, Figures], names: dict[str, str]) -> dict[str, Figures]:
    """The same table with English names, in their order."""
    return {english: table[name] for name, english in names.items() if name in table}


def _languages(figures: Figures) -> dict[str, Figures]:
    """The groups of languages, then each language with how often it is recognised."""
    recognised = figures["language"]["by_language"]
    each = {name: {**of, **recognised[name]} for name, of in figures["by_language"].items()}
    return {**_named(figures["by_language_group"], GROUPS), **each}


def _confusions(confusion: dict[str, dict[str, int]]) -> tuple[tuple[str, ...], ...]:
    pairs = [
        (count, expected, found)
        for expected, counts in confusion.items()
        for found, count in counts.items()
        if expected != found and count >= MANY
    ]
    pairs.sort(key=lambda pair: (-pair[0], *pair[1:]))
    return tuple((expected, found, str(count)) for count, expected, found in pairs)


def _guesses(found: Parsed) -> tuple[str, str]:
    first, second, *_ = [*found["intent_ranking"], None, None]
    return _said(first), _said(second)


def _said(rank: dict[str, Any] | None) -> str:
    return f"{rank['name']} {rank['confidence']:.2f}" if rank else "—"
