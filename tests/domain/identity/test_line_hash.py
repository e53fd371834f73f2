"""Against the values that github/codeql-action has in its own tests (src/fingerprints.test.ts)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.identity.file_text import LONGEST, LineHashes


def line_hashes(text):
    hashes = LineHashes(text)
    return [hashes.of(line) for line in range(1, hashes.count + 1)]


GREETING = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETING),
        (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", GREETING),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETING),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [
                *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
)
def test_the_hashes_are_those_of_github(text, hashes):
    assert line_hashes(text) == hashes


def test_a_long_file_has_none():
    assert line_hashes("x" * (LONGEST + 1)) == []


@given(st.text("ab \t\r\n😀\ud800"))
def test_every_line_has_one(text):
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert len(line_hashes(text)) == plain.count("\n") + 1
    assert all(line_hashes(text))


@given(st.text("ab \t\r\n😀\ud800"))
def test_lines_that_hash_alike_are_numbered(text):
    values = [one.split(":") for one in line_hashes(text)]
    for value in {value for value, _ in values}:
        numbers = [int(number) for other, number in values if other == value]
        assert numbers == [*range(1, len(numbers) + 1)]


def test_a_line_that_is_not_there_has_none():
    assert LineHashes("a\nb").of(0) == LineHashes("a\nb").of(3) == ""
