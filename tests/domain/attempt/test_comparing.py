from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings

from tests.domain.attempt.texts import diff_of, trials
from tests.domain.attempt.trees import GitTrees
from xreview.domain.attempt.comparing import compare_attempts
from xreview.domain.attempt.piece import AttemptPiece, PieceKind, PieceRef
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.errors import ChangeError

BASE = b"one\ntwo\nthree\nfour\nfive\nsix\nseven\n"


def compared(base: bytes, **attempts: bytes) -> tuple[AttemptPiece, ...]:
    return compare_attempts(
        {label: [diff_of(base, new)] if new != base else [] for label, new in attempts.items()}
    ).pieces


def test_each_kind_of_piece():
    pieces = compared(
        BASE,
        A=BASE.replace(b"one", b"1").replace(b"three", b"3").replace(b"five", b"5"),
        B=BASE.replace(b"one", b"1").replace(b"three", b"drei").replace(b"five", b"5"),
        C=BASE.replace(b"one", b"1").replace(b"seven\n", b"seven\neight\n"),
    )
    assert [(piece.words, piece.kind) for piece in pieces] == [
        ("all", PieceKind.SHARED),
        ("conflicting: A, B", PieceKind.CONFLICTING),
        ("A and B", PieceKind.SOME),
        ("only C", PieceKind.ONLY),
    ]
    shared, conflicting, some, only = pieces
    assert [piece.ref for piece in pieces] == [PieceRef("a.py", number) for number in range(4)]
    assert (shared.start, shared.end, shared.base) == (0, 1, ("one",))
    assert [one.lines for one in conflicting.versions] == [("3",), ("drei",)]
    assert conflicting.untouched == ("C",)
    assert some.versions[0].labels == ("A", "B")
    assert (only.start, only.end, only.base) == (7, 7, ())
    assert (only.versions[0].lines, only.versions[0].start) == (("eight",), 8)


def test_the_only_attempt_shares_with_nobody():
    assert [piece.words for piece in compared(BASE, A=BASE.replace(b"one", b"1"))] == ["only A"]


def test_edits_that_touch_are_one_piece_and_those_with_a_line_between_are_two():
    touching = compared(BASE, A=BASE.replace(b"two", b"2"), B=BASE.replace(b"three", b"3"))
    assert [piece.words for piece in touching] == ["conflicting: A, B"]
    assert [one.lines for one in touching[0].versions] == [("2", "three"), ("two", "3")]
    apart = compared(BASE, A=BASE.replace(b"two", b"2"), B=BASE.replace(b"four", b"4"))
    assert [piece.words for piece in apart] == ["only A", "only B"]


def test_lines_that_come_beside_an_edit_are_part_of_its_piece():
    inserted = BASE.replace(b"three\n", b"new\nthree\n")
    (piece,) = compared(BASE, A=inserted, B=BASE.replace(b"two", b"2"))
    assert (piece.start, piece.end, piece.kind) == (1, 2, PieceKind.CONFLICTING)
    same = compared(BASE, A=inserted, B=inserted)
    assert [(one.start, one.end, one.words) for one in same] == [(2, 2, "all")]


def test_a_chain_of_edits_is_one_piece():
    (piece,) = compared(
        BASE,
        A=BASE.replace(b"two\nthree", b"23"),
        B=BASE.replace(b"three\nfour", b"34"),
        C=BASE.replace(b"five", b"5"),
    )
    assert (piece.start, piece.end) == (1, 5)
    assert piece.base == ("two", "three", "four", "five")
    assert [one.lines for one in piece.versions] == [
        ("23", "four", "five"),
        ("two", "34", "five"),
        ("two", "three", "four", "5"),
    ]
    assert [one.unchanged for one in piece.versions] == [
        (range(1, 3),),
        (range(1), range(2, 3)),
        (range(3),),
    ]


def test_a_version_starts_where_its_lines_are_in_the_attempt_s_file():
    pieces = compared(
        BASE,
        A=BASE.replace(b"one\n", b"0\n00\n1\n").replace(b"six\n", b""),
        B=BASE.replace(b"six", b"6"),
    )
    assert [version.start for piece in pieces for version in piece.versions] == [1, 8, 6]


def test_a_line_feed_at_the_end_is_a_difference():
    pieces = compared(BASE, A=BASE.removesuffix(b"\n"), B=BASE.replace(b"seven", b"7"))
    (piece,) = pieces
    assert piece.kind is PieceKind.CONFLICTING
    assert [(one.lines, one.ends_without_newline) for one in piece.versions] == [
        (("seven",), True),
        (("7",), False),
    ]
    (back,) = compared(BASE.removesuffix(b"\n"), A=BASE)
    assert back.ends_without_newline
    assert not back.versions[0].ends_without_newline


def test_line_ends_of_windows_are_a_difference():
    (piece,) = compared(b"a\nb\n", A=b"a\r\nb\n", B=b"a \nb\n")
    assert [one.lines for one in piece.versions] == [("a\r",), ("a ",)]


@given(trials())
@settings(max_examples=200)
def test_pieces_are_apart_and_versions_differ(trial):
    base, attempts = trial
    pieces = compared(base, **attempts)
    rows = base.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n") if base else []
    for piece in pieces:
        assert piece.base == tuple(rows[piece.start : piece.end])
        assert piece.versions, "a piece is changed by somebody"
        texts = [(one.lines, one.ends_without_newline) for one in piece.versions]
        assert len(set(texts)) == len(texts)
        assert (piece.base, piece.ends_without_newline) not in texts
        whose = [label for one in piece.versions for label in one.labels]
        assert sorted([*whose, *piece.untouched]) == list(attempts)
    for before, after in pairwise(pieces):
        assert before.end < after.start
    for label, new in attempts.items():
        lines = new.decode("utf-8", "surrogateescape").split("\n")
        for piece in pieces:
            version = piece.version_of(label)
            if version is not None and version.labels[0] == label:
                start = version.start - 1
                assert tuple(lines[start : start + len(version.lines)]) == version.lines


def test_diffs_of_two_bases_are_refused():
    files = {
        "A": [diff_of(BASE, BASE.replace(b"two", b"2"))],
        "B": [diff_of(BASE.replace(b"two", b"zwei"), BASE.replace(b"two", b"zwo"))],
    }
    with pytest.raises(ChangeError, match="started from other files"):
        compare_attempts(files)


@pytest.fixture(scope="module")
def trees(tmp_path_factory) -> GitTrees:
    return GitTrees(tmp_path_factory.mktemp("trees"))


BINARY = b"\0\1\2"
RUN = "100755"
LINK = "120000"
WHOLE = {
    "gone": b"one\ntwo\n",
    "kept": b"k\n" * 9,
    "mode": b"run\n",
    "moved": b"".join(b"line %d\n" % number for number in range(20)),
    "picture": BINARY,
    "turned": b"a file\n",
}


def test_whole_files(trees):
    rest = {name: WHOLE[name] for name in ("kept", "picture", "turned")}
    a = {
        **rest,
        "mode": (RUN, WHOLE["mode"]),
        "new": b"same\n",
        "other": b"mine",
        "picture": BINARY + b"\3",
        "renamed": WHOLE["moved"],
    }
    b = {
        **rest,
        "gone": b"one\n2\n",
        "mode": (RUN, WHOLE["mode"]),
        "moved": WHOLE["moved"].replace(b"line 4\n", b"4\n"),
        "new": b"same\n",
        "other": b"theirs\n",
        "picture": BINARY + b"\4",
        "turned": (LINK, b"kept"),
    }
    pieces = compare_attempts(trees.patches(WHOLE, {"A": a, "B": b})).pieces
    assert all(piece.is_whole for piece in pieces)
    assert {
        piece.ref.path: (piece.words, tuple(one.whole for one in piece.versions))
        for piece in pieces
    } == {
        "gone": ("conflicting: A, B", ("deleted", "edited")),
        "mode": ("all", ("made executable",)),
        "moved": ("conflicting: A, B", ("renamed to renamed", "edited")),
        "new": ("all", ("added",)),
        "other": ("conflicting: A, B", ("added", "added")),
        "picture": ("conflicting: A, B", ("binary", "binary")),
        "turned": ("only B", ("a link",)),
    }
    by_path = {piece.ref.path: piece for piece in pieces}
    assert by_path["gone"].base == ("one", "two")
    assert [one.lines for one in by_path["other"].versions] == [("mine",), ("theirs",)]
    assert by_path["other"].versions[0].ends_without_newline


def test_a_rename_with_the_same_edits_is_shared(trees):
    base = {"old": WHOLE["moved"]}
    new = {"new": WHOLE["moved"].replace(b"line 7\n", b"7\n")}
    (piece,) = compare_attempts(trees.patches(base, {"A": new, "B": dict(new)})).pieces
    assert (piece.ref.path, piece.words) == ("old", "all")
    assert piece.versions[0].whole == "renamed to new, edited"
    elsewhere = {"A": new, "B": {"newer": new["new"]}}
    (piece,) = compare_attempts(trees.patches(base, elsewhere)).pieces
    assert piece.kind is PieceKind.CONFLICTING


def test_what_nobody_can_tell_is_never_equal():
    cut = replace(diff_of(BASE, b"x\n" + BASE), unread="cut off")
    (piece,) = compare_attempts({"A": [cut], "B": [cut]}).pieces
    assert piece.kind is PieceKind.CONFLICTING
    assert [one.whole for one in piece.versions] == ["not read in full"] * 2
    picture = FileDiff("a.png", FileStatus.MODIFIED, binary=True)
    (piece,) = compare_attempts({"A": [picture], "B": [picture]}).pieces
    assert piece.kind is PieceKind.CONFLICTING


def test_files_come_in_the_order_of_their_paths_and_empty_patches_count():
    files = [diff_of(BASE, BASE + b"x\n", path) for path in ("b", "a")]
    comparison = compare_attempts({"A": files, "B": []})
    assert [piece.ref.path for piece in comparison.pieces] == ["a", "b"]
    assert [piece.words for piece in comparison.pieces] == ["only A", "only A"]
    assert comparison.labels == ("A", "B")
    assert compare_attempts({}).pieces == ()
