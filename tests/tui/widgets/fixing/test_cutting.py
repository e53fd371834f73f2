"""Cutting a title and a place to one line."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from xreview.tui.widgets.fixing.cutting import named_and_placed

TEXTS = st.text(st.sampled_from("ab /漢é…"), max_size=80)


def test_what_fits_stays():
    assert named_and_placed("Weak randomness", "app.py:9", 40) == ("Weak randomness", "app.py:9")


def test_a_title_is_cut_at_its_end_and_a_place_at_its_beginning():
    title, place = named_and_placed("a title " * 9, "very/long/folder/names/app.py:9", 40)
    assert title.startswith("a title a title")
    assert title.endswith("…")
    assert place == "…/names/app.py:9"


def test_a_short_title_leaves_its_room_to_the_place():
    assert named_and_placed("Bug", "long/folder/names/of/app.py:9", 40)[1].endswith("of/app.py:9")
    assert "…" not in "".join(named_and_placed("Bug", "long/folder/names/of/app.py:9", 40))


def test_without_room_there_is_no_place():
    assert named_and_placed("Weak randomness", "app.py:9", 12) == ("Weak random…", "")


@given(TEXTS, TEXTS, st.integers(-3, 90))
def test_both_fit(title, place, room):
    title, place = named_and_placed(title, place, room)
    gap = 2 if place else 0
    assert cell_len(title) + gap + cell_len(place) <= max(0, room)
