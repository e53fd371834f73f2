"""`xreview-tui prompt list`, `diff` and `copy`, with files in a real configuration folder."""

import json
import tomllib

import pytest

from tests.cli.program import Program
from xreview.review.prompt.own import OWN_PARTS
from xreview.review.prompt.template import shipped_template


@pytest.mark.parametrize("name", OWN_PARTS)
def test_a_copy_says_the_same_as_ours(program: Program, name: str) -> None:
    made = program.run("prompt", "copy", name)
    path = program.config / "prompts" / f"{name}.toml"
    assert (made.code, made.out) == (0, f"{path}\n"), made.err

    copied, ours = tomllib.loads(path.read_text()), shipped_template(name)
    assert copied.pop("based_on") == ours["version"]
    assert copied.keys() == OWN_PARTS[name].keys()
    for key, value in copied.items():
        same = ours[key].strip() if isinstance(value, str) else ours[key]
        assert (value.strip() if isinstance(value, str) else value) == same
    assert program.run("prompt", "diff", name).out == f"{name}: yours says the same as ours.\n"


def test_a_copy_never_overwrites(program: Program) -> None:
    (program.config / "prompts").mkdir()
    path = program.config / "prompts" / "risk.toml"
    path.write_text("mine")
    done = program.run("prompt", "copy", "risk")
    assert (done.code, path.read_text()) == (2, "mine")
    assert "isn't overwritten" in done.err


def test_the_list_says_whose_words_they_are(program: Program) -> None:
    ours = {one["name"]: one for one in json.loads(program.run("prompt", "list", "--json").out)}
    assert list(ours) == list(OWN_PARTS)
    assert all(one["own"] is None for one in ours.values())
    write(program, "rebut", 'based_on = 1\nintroduction = "The claims."\n')

    found = {one["name"]: one for one in json.loads(program.run("prompt", "list", "--json").out)}
    assert found["rebut"]["reference"] == "rebut/2+yours"
    assert found["rebut"]["own"]["based_on"] == 1
    assert found["rebut"]["digest"] != ours["rebut"]["digest"]
    assert found["risk"] == ours["risk"]
    lines = program.run("prompt").out.splitlines()
    assert lines[0].split() == ["NAME", "VERSION", "DIGEST", "WORDS"]
    (line,) = [one for one in lines if one.startswith("rebut")]
    assert line.endswith("yours is based on version 1, ours is 2 now")


def test_the_difference_is_a_unified_diff_with_both_versions(program: Program) -> None:
    path = write(program, "risk", 'based_on = 1\nfocus = "races only"\n')
    done = program.run("prompt", "diff", "risk")
    lines = done.out.splitlines()
    assert lines[0] == "risk: yours is based on version 1, ours is 2 now."
    assert lines[1:3] == ["--- ours/risk (version 2)", f"+++ {path} (based on version 1)"]
    assert "+races only" in lines
    assert [one for one in lines if one.startswith("-what can go wrong")]
    assert program.run("prompt", "diff").out == done.out


def test_without_prompts_of_ones_own_it_says_how_to_start(program: Program) -> None:
    assert "prompt copy NAME" in program.run("prompt", "diff").out
    alone = program.run("prompt", "diff", "risk")
    assert (alone.code, "prompt copy risk" in alone.err) == (2, True)


def test_unknown_names_suggest_known_ones(program: Program) -> None:
    done = program.run("prompt", "diff", "rebutt")
    assert (done.code, "Did you mean rebut?" in done.err) == (2, True)
    write(program, "risc", "based_on = 1\n")
    done = program.run("prompt", "list")
    assert (done.code, "Did you mean risk?" in done.err) == (2, True)


def test_options_of_a_review_are_refused(program: Program) -> None:
    done = program.run("--staged", "prompt", "list")
    assert (done.code, "doesn't accept --staged" in done.err) == (2, True)


def write(program: Program, name: str, text: str):
    (program.config / "prompts").mkdir(exist_ok=True)
    path = program.config / "prompts" / f"{name}.toml"
    path.write_text(text)
    return path
