import subprocess
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.attempt.texts import diff_of, joined, trials
from tests.domain.attempt.trees import GitTrees
from xreview.domain.attempt.combining import AttemptLines, combined
from xreview.domain.attempt.comparing import compare_attempts
from xreview.domain.attempt.piece import AttemptPiece, PieceKind, PieceRef, PieceVersion
from xreview.domain.errors import ChangeError

BASE = b"one\ntwo\nthree\nfour\nfive\nsix\nseven\n"


def pieces_of(base: bytes, attempts: dict[str, bytes]) -> tuple[AttemptPiece, ...]:
    files = {label: [diff_of(base, new)] if new != base else [] for label, new in attempts.items()}
    return compare_attempts(files).pieces


def whole(label: str, pieces: tuple[AttemptPiece, ...]) -> dict[PieceRef, str]:
    return {piece.ref: label for piece in pieces if label in piece.labels}


@given(trials())
@settings(max_examples=300)
def test_all_pieces_of_one_attempt_are_its_file(trial):
    base, attempts = trial
    pieces = pieces_of(base, attempts)
    for label, new in attempts.items():
        assert combined(base, pieces, whole(label, pieces)).content == new
    assert combined(base, pieces, {}).content == base
    assert combined(base, pieces, {piece.ref: "" for piece in pieces}).lines == ()


@st.composite
def mixes(draw: st.DrawFn) -> tuple[bytes, tuple[AttemptPiece, ...], dict[PieceRef, str]]:
    base, attempts = draw(trials())
    pieces = pieces_of(base, attempts)
    labels = ["", *attempts]
    return base, pieces, {piece.ref: draw(st.sampled_from(labels)) for piece in pieces}


@given(mixes())
@settings(max_examples=200)
def test_lines_are_inside_the_file_and_never_overlap(mix):
    base, pieces, choice = mix
    file = combined(base, pieces, choice)
    rows = file.content.split(b"\n")
    count = len(rows) if rows[-1] else len(rows) - 1
    for one in file.lines:
        assert 1 <= one.start <= one.end <= count
    for before, after in pairwise(file.lines):
        assert before.end < after.start
    for one in file.lines:
        written = [
            line.encode("utf-8", "surrogateescape")
            for piece in pieces
            if choice[piece.ref] == one.label
            and (version := piece.version_of(one.label)) is not None
            for line in version.lines
        ]
        assert set(rows[one.start - 1 : one.end]) <= set(written)


def spliced(base: bytes, pieces: Sequence[AttemptPiece], choice: Mapping[PieceRef, str]) -> bytes:
    """The chosen versions put into the base one by one, in the order given."""
    lines = base.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n") if base else []
    grown: dict[int, int] = {}
    for piece in pieces:
        if (version := piece.version_of(choice[piece.ref])) is not None:
            at = piece.start + sum(more for start, more in grown.items() if start < piece.start)
            assert tuple(lines[at : at + len(piece.base)]) == piece.base
            lines[at : at + len(piece.base)] = version.lines
            grown[piece.start] = len(version.lines) - len(piece.base)
    return "\n".join(lines).encode("utf-8", "surrogateescape")


@given(mixes(), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_any_mix_is_the_pieces_put_in_one_by_one_in_any_order(mix, random):
    base, pieces, choice = mix
    shuffled = random.sample(pieces, len(pieces))
    content = combined(base, shuffled, choice).content
    assert content.removesuffix(b"\n") == spliced(base, shuffled, choice)


@pytest.fixture(scope="module")
def trees(tmp_path_factory) -> GitTrees:
    return GitTrees(tmp_path_factory.mktemp("trees"))


@given(data=st.data())
@settings(max_examples=8)
def test_real_attempts_are_made_again_from_their_pieces(trees, data):
    drawn = {f"f{number}.txt": data.draw(trials()) for number in range(8)}
    base = {path: text for path, (text, _) in drawn.items()}
    attempts = {
        label: {path: news.get(label, text) for path, (text, news) in drawn.items()}
        for label in "ABCD"
    }
    comparison = compare_attempts(trees.patches(base, attempts))
    for path, pieces in comparison.by_path.items():
        assert not any(piece.is_whole for piece in pieces)
        for label, files in attempts.items():
            made = combined(base[path], pieces, comparison.of(label))
            assert made.content == files[path], (path, label)


@st.composite
def attempts_apart(draw: st.DrawFn) -> tuple[bytes, bytes, bytes]:
    """A base of distinct lines and two attempts, whose new lines are distinct too."""
    base = [b"%d" % number for number in range(20)]
    made = [list(base), list(base)]
    for label, rows in zip(b"AB", made, strict=True):
        for number in range(draw(st.integers(0, 3))):
            start = draw(st.integers(0, len(rows)))
            new = [b"%c%d-%d" % (label, number, one) for one in range(draw(st.integers(0, 2)))]
            rows[start : start + draw(st.integers(0, 2))] = new
    return joined(base, True), joined(made[0], True), joined(made[1], True)


@given(attempts_apart())
@settings(max_examples=25)
def test_two_attempts_conflict_where_git_s_merge_does(trees, texts):
    base, ours, theirs = texts
    comparison = compare_attempts(
        trees.patches({"f": base}, {"A": {"f": ours}, "B": {"f": theirs}})
    )
    pieces = comparison.pieces
    if any(piece.is_whole for piece in pieces):
        return  # one of them emptied the file
    names = [trees.folder / name for name in ("ours", "base", "theirs")]
    for name, content in zip(names, (ours, base, theirs), strict=True):
        name.write_bytes(content)
    merged = subprocess.run(
        ["git", "merge-file", "-p", *names], capture_output=True, check=False, cwd=trees.folder
    )
    is_conflicting = any(piece.kind is PieceKind.CONFLICTING for piece in pieces)
    assert is_conflicting == (merged.returncode > 0)
    if not is_conflicting:
        choice = {piece.ref: piece.labels[0] for piece in pieces}
        assert combined(base, pieces, choice).content == merged.stdout


def test_lines_between_two_edits_of_one_attempt_stay_the_base_s():
    a = BASE.replace(b"two", b"2").replace(b"five", b"5")
    b = BASE.replace(b"two\nthree\nfour\nfive", b"rest")
    (piece,) = pieces_of(BASE, {"A": a, "B": b})
    made = combined(BASE, [piece], {piece.ref: "A"})
    assert made.content == a
    assert made.lines == (AttemptLines("A", 2, 2), AttemptLines("A", 5, 5))


def test_a_shared_piece_counts_for_the_label_that_was_chosen():
    new = BASE.replace(b"three", b"3")
    (piece,) = pieces_of(BASE, {"A": new, "B": new})
    assert piece.kind is PieceKind.SHARED
    assert combined(BASE, [piece], {piece.ref: "B"}).lines == (AttemptLines("B", 3, 3),)


def test_an_attempt_that_leaves_a_piece_is_the_base_there():
    pieces = pieces_of(BASE, {"A": BASE.replace(b"two", b"2"), "B": BASE})
    assert combined(BASE, pieces, {pieces[0].ref: "B"}).content == BASE


def test_neighbouring_lines_of_one_attempt_are_one_range():
    a = BASE.replace(b"two\nthree", b"2\n3\n3.5")
    b = BASE.replace(b"four", b"4")
    pieces = pieces_of(BASE, {"A": a, "B": b})
    made = combined(BASE, pieces, {piece.ref: "A" for piece in pieces})
    assert made.content == a
    assert made.lines == (AttemptLines("A", 2, 4),)


@pytest.mark.parametrize(
    "other",
    [None, b"", BASE.replace(b"three", b"drei"), BASE.removesuffix(b"seven\n"), b"\n" * 9],
    ids=["absent", "empty", "other line", "shorter", "blank"],
)
def test_another_base_is_refused(other):
    pieces = pieces_of(BASE, {"A": BASE.replace(b"three\n", b"").replace(b"seven", b"7")})
    with pytest.raises(ChangeError, match="made from another file"):
        combined(other, pieces, whole("A", pieces))


def test_another_base_is_refused_where_only_lines_come(trees):
    pieces = compare_attempts(
        trees.patches({"f": BASE}, {"A": {"f": BASE.replace(b"one\n", b"one\nnew\n")}})
    ).pieces
    assert combined(BASE, pieces, whole("A", pieces)).content.startswith(b"one\nnew\n")
    with pytest.raises(ChangeError):
        combined(BASE.replace(b"four", b"vier"), pieces, {})


def test_a_base_without_a_line_feed_at_its_end_is_another_base():
    base = b"one\ntwo"
    pieces = pieces_of(base, {"A": b"one\n2"})
    assert combined(base, pieces, whole("A", pieces)).content == b"one\n2"
    with pytest.raises(ChangeError):
        combined(base + b"\n", pieces, {})


def test_a_whole_file_is_not_combined():
    version = PieceVersion(("A",), (), whole="deleted")
    piece = AttemptPiece(PieceRef("a", 0), 0, 0, (), (version,), is_whole=True)
    with pytest.raises(ValueError, match="whole file"):
        combined(b"", [piece], {})
