"""What an import says of itself."""

from __future__ import annotations

import io
import json
from datetime import timedelta

from actions.directory.report import (
    EXAMPLES,
    KEPT_REPORTS,
    MOST_REASONS,
    ProgressBar,
    Rejections,
    Report,
    format_report,
    write_report,
)
from tests.bench import national


def test_reasons_and_examples_are_bounded():
    rejections = Rejections()
    for number in range(10_000):
        rejections.add(f"id-{number}", f"reason {number % 1_000}")
    assert rejections.total == 10_000
    assert len(rejections.by_reason) <= MOST_REASONS + 1
    assert max(map(len, rejections.examples.values())) <= EXAMPLES
    assert rejections.by_reason.total() == 10_000


def test_the_report_is_kept_as_a_file_and_the_oldest_go(tmp_path):
    report = Report()
    report.of("services").added = 3
    report.of("services").rejected.add("v1", "nom: trop court")
    report.failed["absent"] = "404"
    for _ in range(KEPT_REPORTS + 5):
        file = write_report(report, tmp_path)
        report.started += timedelta(seconds=1)
    assert len(list(tmp_path.iterdir())) == KEPT_REPORTS
    content = json.loads(file.read_text("utf-8"))
    assert content["failed_sources"] == {"absent": "404"}
    assert content["kinds"]["services"]["accepted"] == 3
    assert content["kinds"]["services"]["rejected"]["reasons"] == [
        {"reason": "nom: trop court", "count": 1, "examples": ["v1"]}
    ]
    assert "rejected 1: nom: trop court (v1)" in format_report(report)


def test_the_bar_is_drawn_on_a_terminal_only_and_not_too_often():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    moments = iter([0.0, 1.0, 1.05, 2.0])
    screen = Terminal()
    bar = ProgressBar(screen, lambda: next(moments))
    for read in (25, 50, 75):
        bar.reading("services.json", read, 100, read * 10)
    drawn = screen.getvalue()
    assert " 25% services.json 250 (250/s)" in drawn
    assert " 50%" not in drawn
    assert " 75%" in drawn
    silent = io.StringIO()
    ProgressBar(silent).reading("services.json", 1, 2, 3)
    assert silent.getvalue() == ""


def test_the_invented_country_is_always_the_same_and_shaped_as_the_real_one():
    records = list(national.Country(seed=7).records(5_000))
    assert records == list(national.Country(seed=7).records(5_000))
    assert records != list(national.Country(seed=8).records(5_000))
    structures = [record for kind, record in records if kind == "structures"]
    services = [record for kind, record in records if kind == "services"]
    assert 1.1 < len(services) / len(structures) < 1.6
    towns = [structure["commune"] for structure in structures]
    assert 40 < towns.count("Marseille") + towns.count("Toulouse") < 250 or any(
        town.startswith("Paris") for town in towns
    )
    assert len({structure["source"] for structure in structures}) == len(national.SHARES)
    assert 0.3 < sum(s["telephone"] is None for s in services) / len(services) < 0.9
