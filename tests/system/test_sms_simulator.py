"""`make sms` as staff use it, with the real bot."""

from __future__ import annotations

import re
import subprocess

import pytest

from channels.sms.simulator import shown
from channels.stack import ROOT, ROOT_PYTHON

TYPED = ["une crèche à Bondy", "le 2", "STOP", "bonjour", "je n'ai nulle part où dormir ce soir"]


@pytest.fixture(scope="module")
def said(annuaire_url: str) -> str:
    done = subprocess.run(
        [str(ROOT_PYTHON), "-m", "channels.sms.simulator"],
        cwd=ROOT,
        input="\n".join(TYPED),
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_real_places_are_shown_by_segments_with_their_cost(said: str) -> None:
    assert "1. " in said
    assert re.search(r"--- segment 2/2, GSM-7, \d+/153", said)
    assert "--- 2 segments, environ 0,10 €" in said


def test_silence_after_stop_is_broken_by_distress_only(said: str) -> None:
    after = said.split("Jalon ne vous écrit plus", 1)[1]
    assert "(silence : rien n'est envoyé)" in after
    assert "Appelez le 115" in after.split("(silence", 1)[1]


def test_each_segment_is_shown_with_how_full_it_is() -> None:
    assert list(shown("a" * 161, 0.07)) == [
        "--- segment 1/2, GSM-7, 153/153",
        "a" * 153,
        "--- segment 2/2, GSM-7, 8/153",
        "a" * 8,
        "--- 2 segments, environ 0,14 €",
    ]
