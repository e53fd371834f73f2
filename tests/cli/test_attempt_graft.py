"""Which pieces the words of a graft choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.trials_told import piece
from xreview.cli.attempt_graft import graft_choice, undecided_pieces
from xreview.domain.attempt.piece import AttemptComparison, AttemptPiece, PieceRef, PieceVersion
from xreview.domain.errors import UsageError

A, B = PieceVersion(("A",), ("a",)), PieceVersion(("B",), ("b",))
ODD = AttemptPiece(PieceRef("odd:0=x.py", 0), 0, 0, (), (A,), ("B",))
COMPARED = AttemptComparison(
    ("A", "B"), (piece(0, A, B), piece(1, A, untouched=("B",)), piece(2, B, untouched=("A",)), ODD)
)
ZERO, ONE, TWO = (PieceRef("limits.py", number) for number in range(3))


@pytest.mark.parametrize(
    ("words", "choice"),
    [
        (["limits.py=A"], {ZERO: "A", ONE: "A"}),
        (["limits.py=b"], {ZERO: "B", TWO: "B"}),
        (["limits.py:1=A", "limits.py:2=B"], {ONE: "A", TWO: "B"}),
        (["A"], {ZERO: "A", ONE: "A", ODD.ref: "A"}),
        (["A", "limits.py:0=B"], {ZERO: "B", ONE: "A", ODD.ref: "A"}),
        (["A", "limits.py=B"], {ZERO: "B", TWO: "B", ODD.ref: "A"}),
        (["A", "limits.py=base"], {ODD.ref: "A"}),
        (["odd:0=x.py=A"], {ODD.ref: "A"}),
        (["odd:0=x.py:0=A"], {ODD.ref: "A"}),
    ],
)
def test_words_choose_pieces(words, choice):
    assert graft_choice(COMPARED, words) == choice


@pytest.mark.parametrize(
    "word", ["", "=", "=A", "limits.py=", "limits.py:=A", "limits.py:9=A", "nosuch=A", "base"]
)
def test_what_names_nothing_is_refused(word):
    with pytest.raises(UsageError):
        graft_choice(COMPARED, [word])


def test_conflicts_without_a_choice_are_named():
    assert undecided_pieces(COMPARED, {ONE: "A"}) == (COMPARED.pieces[0],)
    assert undecided_pieces(COMPARED, {ZERO: "B"}) == ()


@given(st.lists(st.text(max_size=20) | st.sampled_from(["limits.py:0=A", "B", "odd:0=x.py=A"])))
def test_any_words_give_a_choice_of_existing_versions_or_a_sentence(words):
    try:
        choice = graft_choice(COMPARED, words)
    except UsageError:
        return
    assert choice
    assert all(label in COMPARED.by_ref[ref].labels for ref, label in choice.items())
