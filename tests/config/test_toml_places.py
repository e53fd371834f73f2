"""Lines of keys, over documents of every form a key and a value can have."""

import json
import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from xreview.config.toml_places import lines_of_keys

DOCUMENT = '''# a comment with = and "quotes
title = "x = y # no comment"

list = [
  "a", # note ]
  "b]",
]
"quoted key" = """
not = "a key"
[not.a.header]
"""
'literal.key' = \'\'\'
also = not
\'\'\'
dotted . name = {inline = "x", other = [1, 2]}
[table."with dot.s"]
under = 1
[[many]]
first = 1
[[many]]
second = 2
'''


def test_every_form_of_statement() -> None:
    lines = lines_of_keys(DOCUMENT)
    assert lines == {
        ("title",): 2,
        ("list",): 4,
        ("quoted key",): 8,
        ("literal.key",): 12,
        ("dotted",): 15,
        ("dotted", "name"): 15,
        ("table",): 16,
        ("table", "with dot.s"): 16,
        ("table", "with dot.s", "under"): 17,
        ("many",): 18,
        ("many", "first"): 19,
        ("many", "second"): 21,
    }


BARE = st.text("abcXYZ019_-", min_size=1, max_size=6)
ANY_TEXT = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\x7f"), max_size=12
)
QUOTED = ANY_TEXT.map(lambda text: json.dumps(text, ensure_ascii=False))
VALUES = st.one_of(
    st.integers(0, 99).map(str),
    QUOTED,
    st.sampled_from(
        [
            "true",
            "1979-05-27T07:32:00Z",
            "[]",
            "{}",
            "{a = 1, b.c = 2}",
            '[\n  1, # ] "\n  2,\n]',
            '"""\na = 1\n[b]\n"""',
            '"""x"""""',
            "'''\na = 1\n''''",
            "'#'",
            '"\\"= # \\\\"',
        ]
    ),
)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(
        st.tuples(BARE | QUOTED, VALUES, st.sampled_from(["", " # = note [", "\n", "\n\n# x = 1"])),
        max_size=6,
    ),
    header=st.none() | BARE | QUOTED,
)
def test_each_key_stands_where_it_was_written(
    rows: list[tuple[str, str, str]], header: str | None
) -> None:
    expected: dict[tuple[str, ...], int] = {}
    text = f"[{header}]\n" if header else ""
    prefix: tuple[str, ...] = ()
    if header:
        prefix = tuple(tomllib.loads(f"[{header}]"))
        expected[prefix] = 1
    for key, value, after in rows:
        path = (*prefix, *tomllib.loads(f"{key} = 0"))
        if path in expected:
            continue
        expected[path] = text.count("\n") + 1
        text += f"{key} = {value}{after}\n"
    tomllib.loads(text)
    assert lines_of_keys(text) == expected


def _paths(values: dict[str, Any], prefix: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    paths: set[tuple[str, ...]] = set()
    for name, value in values.items():
        paths.add((*prefix, name))
        if isinstance(value, dict):
            paths |= _paths(value, (*prefix, name))
    return paths


@settings(max_examples=100, deadline=None)
@given(tables=st.lists(st.lists(BARE, min_size=1, max_size=3), max_size=5, unique_by=tuple))
def test_tables_and_dotted_keys_are_found(tables: list[list[str]]) -> None:
    text = ""
    for names in tables:
        candidate = f"{text}[{'.'.join(names)}]\nk.l = 1\n"
        try:
            tomllib.loads(candidate)
        except tomllib.TOMLDecodeError:
            continue
        text = candidate
    assert set(lines_of_keys(text)) == _paths(tomllib.loads(text))
