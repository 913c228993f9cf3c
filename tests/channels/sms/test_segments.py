"""Counting against a library, and properties that hold for any text."""

from __future__ import annotations

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.segments import BASIC, EXTENDED, GSM7, UCS2, count, encoding, plain, size, split

GSM = "".join(sorted(BASIC | EXTENDED))
# The library takes a bare escape for a letter; alone, it is none.
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1b"), max_size=900)
WRITTEN = st.text(st.sampled_from(GSM + "çêâîôûœŒ’«»–… \u00a0\u202f😀ب"), max_size=900)


@given(st.one_of(ANY, WRITTEN, st.text(GSM, max_size=900)))
def test_segments_are_those_of_a_library(text: str) -> None:
    text = text or "a"  # the library has no opinion on nothing
    assert encoding(text) is (GSM7 if smsutil.is_valid_gsm(text) else UCS2)
    assert count(text) == len(smsutil.split(text).parts)


@given(st.one_of(ANY, WRITTEN))
def test_segments_carry_the_whole_text_within_the_limit(text: str) -> None:
    parts, used = split(text), encoding(text)
    assert "".join(parts) == text
    limit = used.alone if len(parts) < 2 else used.part
    assert all(sum(size(char, used) for char in part) <= limit for part in parts)


@given(
    st.text(
        st.sampled_from(GSM + "çÇêÊâîôûëïœŒæÀÈÂ’‘“”«»–—… \u00a0\u202f\u2009№ﬁ½²°"), max_size=300
    )
)
def test_french_always_fits_a_plain_sms(text: str) -> None:
    assert encoding(plain(text)) is GSM7


@given(ANY)
def test_writing_plainly_twice_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(GSM.replace("\f", "").replace("\r", ""), max_size=300))
def test_what_a_plain_sms_can_carry_is_kept(text: str) -> None:
    assert plain(text).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (
            "Noisy-le-Sec, Épinay-sur-Seine, L'Île-Saint-Denis",
            "Noisy-le-Sec, Épinay-sur-Seine, L'Ile-Saint-Denis",
        ),
        ("Ça, un maçon reçu à l'hôtel", "Ça, un macon recu à l'hotel"),
        ("« le 2 » d’abord… – ensuite", '"le 2" d\'abord... - ensuite'),
        ("cœur, Œuvre, où, père, été", "coeur, OEuvre, où, père, été"),
        ("à 3\u00a0km, 8\u202fh\u200930", "à 3 km, 8 h 30"),
        ("n°\u00a05, ½ heure, 2ᵉ étage", "no 5, 1/2 heure, 2e étage"),
        ("bravo 😀👍🏽!", "bravo !"),
        ("nul\x00 et\x07 sonnerie\u200b", "nul et sonnerie"),
        ("un\u2028deux", "un\ndeux"),
        ("À l'école", "A l'école"),
    ],
)
def test_french_is_written_with_the_letters_of_a_plain_sms(written: str, sent: str) -> None:
    assert plain(written) == sent


@pytest.mark.parametrize("text", ["اتصل بالرقم 115", "Звоните 115 – сейчас", "请拨打 115"])
def test_another_script_comes_back_whole(text: str) -> None:
    assert plain(text) == text
    assert encoding(plain(text)) is UCS2
