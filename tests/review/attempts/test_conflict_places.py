from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.attempt.texts import diff_of
from tests.review.attempts.conflicts import take
from xreview.domain.attempt.combining import combined
from xreview.domain.attempt.comparing import compare_attempts
from xreview.domain.attempt.piece import PieceKind
from xreview.domain.change import Side
from xreview.domain.identity.file_text import FileText
from xreview.review.attempts.conflict_places import conflicts_taken, places_in


@st.composite
def attempts(draw: st.DrawFn) -> tuple[str, str, str]:
    """A base of distinct lines, some of them in blocks, and two attempts with distinct lines."""
    base = [f"def base_{n}():" if n % 9 == 0 else f"    base_{n}" for n in range(40)]
    made: list[list[str]] = []
    for label in "AB":
        rows, at = list[str](), 0
        for number in range(draw(st.integers(0, 5))):
            start = draw(st.integers(at, len(base)))
            end = draw(st.integers(start, min(start + 3, len(base))))
            new = [f"    {label}_{number}_{one}" for one in range(draw(st.integers(0, 3)))]
            rows += [*base[at:start], *new]
            at = end
        made.append([*rows, *base[at:]])
    return tuple("".join(f"{row}\n" for row in rows) for rows in (base, *made))


@given(attempts())
@settings(max_examples=150)
def test_replacing_every_place_is_taking_the_other_version_there(texts):
    base, ours, theirs = texts
    files = {
        "A": [diff_of(base.encode(), ours.encode())],
        "B": [diff_of(base.encode(), theirs.encode())],
    }
    files = {label: diffs if diffs[0].body else [] for label, diffs in files.items()}
    comparison = compare_attempts(files)
    conflicts = conflicts_taken(take("A"), comparison).get("a.py", [])
    if not conflicts:
        return
    sides = FileText(base), FileText(ours)
    places = places_in(files["A"][0], sides, conflicts, take("A"))
    assert sum(len(place.pieces) for place in places) == len(conflicts), "all are found"
    lines, swapped = ours.split("\n"), set()
    for place in reversed(places):
        replacement = place.replacement("B")
        assert (replacement is None) == (place.side is Side.OLD), "short places can be replaced"
        if replacement is not None:
            lines[place.start - 1 : place.end] = replacement.split("\n") if replacement else []
            swapped |= {one.piece.ref for one in place.pieces}
    choice = {
        piece.ref: "B" if piece.ref in swapped else "A"
        for piece in comparison.pieces
        if "A" in piece.labels
    }
    assert swapped <= {one.ref for one in comparison.pieces if one.kind is PieceKind.CONFLICTING}
    expected = combined(base.encode(), comparison.pieces, choice).content.decode()
    assert "\n".join(lines) == expected
