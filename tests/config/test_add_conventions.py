import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.config.add_conventions import with_conventions
from xreview.domain.errors import ConfigError


def added(text, *sentences):
    return with_conventions(text.encode(), sentences, ".xreview.toml")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'conventions = [\n  "New.",\n]\n'),
        ('fail_on = "high" # ours', 'fail_on = "high" # ours\nconventions = [\n  "New.",\n]\n'),
        ("# nothing yet\n", '# nothing yet\nconventions = [\n  "New.",\n]\n'),
        ('conventions = ["Old."] # why\n', 'conventions = ["Old.", "New."] # why\n'),
        ("conventions = []\n", 'conventions = ["New."]\n'),
        (
            'conventions = [\n  "Old.", # "why" ]\n]\nignore = ["a]"]\n',
            'conventions = [\n  "Old.", # "why" ]\n  "New.",\n]\nignore = ["a]"]\n',
        ),
        (
            'conventions = [\n  "Old." # it\'s "so"\n]\n',
            'conventions = [\n  "Old.", # it\'s "so"\n  "New.",\n]\n',
        ),
        (
            'conventions = ["Old ] one.",\n]\n',
            'conventions = ["Old ] one.",\n  "New.",\n]\n',
        ),
        ("[table]\na = 1\n", 'conventions = [\n  "New.",\n]\n\n[table]\na = 1\n'),
        ('ignore = ["x"]\r\n', 'ignore = ["x"]\r\nconventions = [\r\n  "New.",\r\n]\r\n'),
    ],
)  # fmt: skip
def test_a_sentence_is_added_and_all_else_stays_as_it_was_written(before, after):
    text, count = added(before, "New.")
    assert (text, count) == (after, 1)
    assert "New." in tomllib.loads(text)["conventions"]


def test_what_is_there_is_not_added_again():
    text, count = added('conventions = ["A."]\n', "A.", "B.", "B.")
    assert (text, count) == ('conventions = ["A.", "B."]\n', 1)
    assert added(text, "A.", "B.") == (text, 0)


def test_control_characters_are_neutralised():
    text, _ = added("", 'a\x1b]52;c;x\x07 "b" \\ \u202e \x7f \udc80')
    assert not {"\x1b", "\x07", "\u202e", "\x7f", "\udc80"} & set(text)
    assert '"b" \\' in tomllib.loads(text)["conventions"][0]


@pytest.mark.parametrize(
    "broken", ["conventions = 3\n", "conventions = [1]\n", "conventions = [\n", "\udc80"]
)
def test_a_broken_file_is_refused_with_its_name(broken):
    with pytest.raises(ConfigError) as caught:
        with_conventions(broken.encode("utf-8", "surrogateescape"), ["New."], ".xreview.toml")
    assert caught.value.path == ".xreview.toml"
    assert caught.value.advice


def test_more_than_the_setting_takes_is_refused():
    with pytest.raises(ConfigError):
        added("", *(f"Sentence {n}." for n in range(101)))


def test_a_byte_order_mark_stays():
    text, _ = with_conventions(b"\xef\xbb\xbf# x\n", ["New."], "x")
    assert text.startswith("\ufeff# x\nconventions")


plain = st.text(st.sampled_from("ab]\"'#,\\ é"), min_size=1, max_size=8).filter(str.strip)


@given(st.lists(plain, max_size=4), st.lists(plain, min_size=1, max_size=3), st.booleans())
def test_any_list_can_be_added_to(old, new, over_lines):
    import json

    joint = ",\n  " if over_lines else ", "
    entries = joint.join(json.dumps(one, ensure_ascii=False) for one in old)
    edge = "\n" if over_lines else ""
    before = f"# a ] comment\nconventions = [{edge}{entries}{edge}] # end ]\nfail_on = 'low'\n"
    text, count = added(before, *new)
    loaded = tomllib.loads(text)
    fresh = [one for one in dict.fromkeys(new) if one not in old]
    assert loaded == {"conventions": [*old, *fresh], "fail_on": "low"}
    assert count == len(fresh)
    assert text.startswith("# a ] comment\n")
    assert text.endswith("# end ]\nfail_on = 'low'\n")
