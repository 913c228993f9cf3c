"""How well the assistant understands messages it has not learnt: `make evaluate`.

Reads the held-out messages of `tests/bot/nlu/` with the newest model, cross-validates the
training sentences of `data/nlu/`, prints figures, errors, and what changed since the last commit;
writes them to `docs/understanding.md`, `docs/understanding.json`, `docs/images/` and
`var/understanding.html`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

from bot.train import ROOT, current_model
from tests.bot.evaluate.changes import COMMITTED, changes, committed_figures, turned
from tests.bot.evaluate.charts import confusion_svg, reliability_svg
from tests.bot.evaluate.figures import Figures, Sentence, figures
from tests.bot.evaluate.follow_ups import FOLLOW_UPS, follow_up_figures, misread
from tests.bot.evaluate.page import between_marks, html, markdown
from tests.bot.evaluate.questions import QUESTIONS, misread_questions, question_figures
from tests.bot.evaluate.reading import (
    HELD_OUT,
    held_out_sentences,
    newest_model,
    parser,
    read_all,
)
from tests.bot.evaluate.report import (
    CHANGES,
    CONFUSION,
    RELIABILITY,
    Section,
    change_sections,
    doubtful_section,
    error_sections,
    follow_up_section,
    question_section,
    sections,
)

DOCUMENT = ROOT / "docs/understanding.md"
IMAGES = ROOT / "docs/images"
PAGE = ROOT / "var/understanding.html"


def main() -> None:
    """Measure, print, write."""
    asked = _arguments()
    model = asked.model or newest_model() or current_model()
    messages = held_out_sentences(asked.files)
    _say(f"Reading {len(messages):,} held-out messages with {model.name} (about a minute)…")
    understand = parser(model)
    parsed, _ = asyncio.run(read_all(understand, messages))
    measured = figures(messages, parsed)
    errors, doubtful = error_sections(messages, parsed), []
    is_ours = asked.files == HELD_OUT
    if is_ours:
        following = held_out_sentences(FOLLOW_UPS)
        read, _ = asyncio.run(read_all(understand, following))
        measured["follow_ups"] = follow_up_figures(following, read)
        errors["follow_ups"] = follow_up_section(misread(following, read))
        asking = held_out_sentences(QUESTIONS)
        read, _ = asyncio.run(read_all(understand, asking))
        measured["questions"] = question_figures(asking, read)
        errors["questions"] = question_section(misread_questions(asking, read))
    if is_ours and not asked.quick:
        measured["cross_validation"], doubtful = _cross_validated(asked.folds)
    changed = _changed(measured, messages, errors) if is_ours else []
    tables = [*sections(measured), *errors.values()]
    print(markdown([*tables, *changed]))
    _write_page([*changed, *tables, *doubtful], measured)
    if "cross_validation" in measured:
        _write_docs(tables, measured)


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(prog="make evaluate", description=__doc__)
    arguments.add_argument(
        "--quick", action="store_true", help="no cross-validation, and docs/ left as it is"
    )
    arguments.add_argument("--folds", type=int, default=5, help="of the cross-validation")
    arguments.add_argument("--model", type=Path, help="archive to evaluate (default: the newest)")
    arguments.add_argument(
        "--files", type=Path, default=HELD_OUT, help="folder of other messages; docs/ left as it is"
    )
    return arguments.parse_args()


def _changed(
    measured: Figures, messages: list[Sentence], errors: dict[str, Section]
) -> list[Section]:
    before = committed_figures()
    if before is None:
        return [Section(CHANGES, f"It has no {COMMITTED}.")]
    moved = {fault: turned(fault, before, measured, messages) for fault in measured["wrong"]}
    return change_sections(changes(before, measured), moved, errors)


def _cross_validated(folds: int) -> tuple[Figures, list[Section]]:
    from tests.bot.evaluate.crossvalidation import cross_validate

    _say(f"Cross-validating the training sentences in {folds} folds (some minutes)…")
    start = time.monotonic()
    validated, doubtful = cross_validate(folds)
    _say(f"Cross-validated in {time.monotonic() - start:.0f} s")
    return validated, [doubtful_section(doubtful)]


def _write_page(shown: list[Section], measured: Figures) -> None:
    PAGE.parent.mkdir(exist_ok=True)
    page = html("What Jalon understands", shown, _pictures(measured))
    PAGE.write_text(page, encoding="utf-8")
    _say(f"Page: {PAGE.relative_to(ROOT)}")


def _write_docs(shown: list[Section], measured: Figures) -> None:
    for name, picture in _pictures(measured).items():
        (IMAGES / f"{name}.svg").write_text(picture, encoding="utf-8")
    text = json.dumps(measured, ensure_ascii=False, indent=1, sort_keys=True)
    (ROOT / COMMITTED).write_text(f"{text}\n", encoding="utf-8")
    generated = markdown(shown, pictures=IMAGES.name, fold=True)
    document = between_marks(DOCUMENT.read_text(encoding="utf-8"), generated)
    DOCUMENT.write_text(document, encoding="utf-8")
    _say(f"Written: {DOCUMENT.relative_to(ROOT)}, {COMMITTED}; commit them with your change")


def _pictures(measured: Figures) -> dict[str, str]:
    return {
        CONFUSION: confusion_svg(measured["confusion"]),
        RELIABILITY: reliability_svg(measured["calibration"]["bins"]),
    }


def _say(line: str) -> None:
    """To whoever waits; what is measured goes to the standard output."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
