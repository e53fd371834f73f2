import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import names, texts
from xreview.domain.change import Side
from xreview.domain.identity.anchor import (
    Anchor,
    another,
    base_of,
    beside,
    context_of,
    fingerprint,
    is_begun_by,
    normalised,
    short_form,
)
from xreview.domain.identity.outline import Outline


def anchor(start, end, path="a.py", side=Side.NEW):
    return Anchor(path, side, start, end, "")


@pytest.mark.parametrize(
    ("left", "right", "overlap"),
    [
        (anchor(1, 3), anchor(3, 5), True),
        (anchor(1, 9), anchor(4, 5), True),
        (anchor(1, 3), anchor(4, 5), False),
        (anchor(1, 3), anchor(1, 3, path="b.py"), False),
        (anchor(1, 3), anchor(1, 3, side=Side.OLD), False),
    ],
)
def test_overlap_is_mutual(left, right, overlap):
    assert left.overlaps(right) is overlap
    assert right.overlaps(left) is overlap


@given(texts)
def test_normalising_twice_changes_nothing(code):
    assert normalised(normalised(code)) == normalised(code)


@given(st.lists(st.text("abc()=. "), max_size=6), st.integers(0, 12), st.sampled_from(" \t"))
def test_indentation_spacing_and_blank_lines_do_not_count(rows, depth, sign):
    code = "\n".join(rows)
    moved = "\r\n\r\n".join(sign * depth + row.replace(" ", "   ") + "  " for row in rows)
    assert normalised(moved) == normalised(code)


def test_words_count():
    assert normalised("a = 1") != normalised("a = 2")
    assert normalised("ab") != normalised("a b")


def context(text, line):
    lines = text.split("\n")
    return context_of(lines, Outline(lines), line, line)


def test_a_context_tells_what_stands_around_white_space_aside():
    code = "def f():\n    a()\n    b()\n\n    c()"
    made = context(code, 3)
    assert (len(made.outline), len(made.before), len(made.after)) == (1, 2, 1)
    assert made == context("\n" + code.replace("    ", "\t"), 4)
    assert made.is_known


def test_a_change_elsewhere_in_the_block_changes_its_digest_only():
    code = "def f():\n    a()\n    b()\n    c()\n    d()\n    e()\n    g()"
    before, after = context(code, 2), context(code.replace("g()", "h()"), 2)
    assert before.block != after.block
    assert (before.outline, before.before, before.after) == (
        after.outline, after.before, after.after,
    )  # fmt: skip


@given(st.lists(texts, max_size=8), st.integers(-1, 9), st.integers(-1, 9))
def test_any_lines_have_a_context(lines, start, end):
    made = context_of(lines, Outline(lines), start, end)
    assert len(made.before) <= 3


def test_another_identity_is_no_earlier_one():
    code = "def f():\n    a()\n    b()\n"
    first, second = context(code, 2), context(code, 3)
    made = {another("f1", around, n) for around in (first, second) for n in (0, 1)}
    assert len(made | {"f1"}) == 5


def test_a_fingerprint_is_what_it_was():
    # Identities are kept in journals: a change here forgets what was decided.
    assert fingerprint("S608", "execute(f'…')", "def f():") == "e4ee020400ffe2cc1b4b"


def test_a_fingerprint_survives_moves_and_tells_different_problems_apart():
    given_first = fingerprint("S608", "    x = 1\n    y = 2", "def f():")
    assert given_first == fingerprint("S608", "\tx  =  1\n\n\ty = 2\n", "  def f():")
    others = {
        fingerprint("S609", "x = 1\ny = 2", "def f():"),
        fingerprint("S608", "x = 1\ny = 3", "def f():"),
        fingerprint("S608", "x = 1\ny = 2", "def g():"),
        fingerprint("S608", "x = 1\ny = 2", "def f():", twin=1),
    }
    assert len(others | {given_first}) == 5


@given(names, texts, texts, st.integers(0, 3))
def test_anything_has_a_fingerprint(claim, quote, block, twin):
    made = fingerprint(claim, quote, block, twin)
    assert len(made) == 20
    assert set(made) <= set("0123456789abcdef")


def test_a_quote_with_a_lone_surrogate_has_a_fingerprint_of_its_own():
    quotes = ("x", "x\ud800", "x\udfff", "x\udc80")
    assert len({fingerprint("c", quote, "") for quote in quotes}) == len(quotes)


def test_bytes_that_are_not_utf8_are_not_taken_for_a_character():
    assert fingerprint("c", "\udcc3\udca9", "") != fingerprint("c", "é", "")


@given(names, names, names, names)
def test_the_parts_of_a_fingerprint_do_not_run_into_each_other(claim, quote, claim2, quote2):
    same = (claim, normalised(quote)) == (claim2, normalised(quote2))
    assert (fingerprint(claim, quote, "") == fingerprint(claim2, quote2, "")) is same


@given(texts, texts, texts)
def test_an_identity_beside_another_is_of_its_claim_and_knows_its_base(code, said, other):
    own = fingerprint("model/race", code, "")
    made = beside(own, said)
    assert base_of(made) == base_of(beside(made, other)) == own == base_of(own)
    assert (made == beside(own, other)) is (said == other)


def test_another_identity_of_two_claims_keeps_them_together_and_apart():
    own = fingerprint("model/race", "x", "")
    around = context_of(["x"], Outline(["x"]), 1, 1)
    first, second = another(own, around, 0), another(beside(own, "a"), around, 0)
    assert base_of(second) == first != own
    assert second != first


def test_a_short_form_keeps_claims_about_one_piece_of_code_apart():
    own = fingerprint("model/race", "x", "")
    forms = {short_form(name) for name in (own, beside(own, "a"), beside(own, "b"))}
    assert len(forms) == 3
    assert short_form(own) == own[:12]
    assert short_form("3d8903858e221de01760-bd16c733") == "3d8903858e22-bd16"


@given(names, texts, st.integers(1, 30))
def test_an_identity_is_begun_by_its_short_form_and_by_all_its_beginnings(code, said, length):
    own = fingerprint("model/race", code, "")
    for whole in (own, beside(own, said)):
        for typed in (short_form(whole), whole[:length], short_form(whole)[:length]):
            assert is_begun_by(whole, typed)
        assert not is_begun_by(whole, f"{whole}0")
        assert not is_begun_by(whole, f"{short_form(whole)}x")
        assert not is_begun_by(whole, "")
    assert not is_begun_by(own, short_form(beside(own, said)))
