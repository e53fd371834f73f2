from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scripted_attempts import COMPARED, IMPORT, RETRY, TESTS, over
from xreview.tui.widgets.attempts.state import ShownTrial

SHOWN = ShownTrial(over(), hides=True)
BY_REF = COMPARED.by_ref


@given(st.lists(st.tuples(st.sampled_from(COMPARED.pieces), st.sampled_from(["A", "B", "C", ""]))))
def test_what_is_chosen_is_always_there_to_take(steps):
    shown = SHOWN
    for piece, label in steps:
        shown = shown.choosing(piece, label)
    for ref, label in shown.chosen.items():
        assert BY_REF[ref].version_of(label) is not None
    touched = {piece.ref for piece, _ in steps}
    assert {one.ref for one in shown.undecided} == {RETRY} - touched


def test_all_of_an_attempt_is_that_attempt_as_a_whole():
    shown = SHOWN.choosing_all("B")
    assert shown.chosen == COMPARED.of("B")
    assert not SHOWN.choosing_all("A").undecided
    assert SHOWN.choosing_all("A").choice[TESTS] == "", "what it leaves stays as in the base"


def test_shared_pieces_are_added_to_what_is_chosen():
    shown = SHOWN.choosing(BY_REF[RETRY], "B").choosing_shared()
    assert shown.choice == {RETRY: "B", IMPORT: "A"}
    assert shown.choosing_nothing().choice == {}


def test_a_choice_is_kept_only_for_a_piece_that_is_the_same():
    shown = SHOWN.choosing(BY_REF[RETRY], "B").choosing(BY_REF[IMPORT], "A")
    other = replace(BY_REF[RETRY], base=("else",))
    newer = replace(over(), comparison=replace(COMPARED, pieces=(BY_REF[IMPORT], other)))
    assert shown.with_snapshot(newer).choice == {IMPORT: "A"}


def test_hidden_ends_with_the_reveal_or_the_setting():
    assert SHOWN.is_blind
    assert not SHOWN.with_snapshot(replace(over(), is_revealed=True)).is_blind
    assert not ShownTrial(over(), hides=False).is_blind
