"""`xreview-tui egress`: what was allowed for this repository, and taking it back."""

import json

import pytest

from tests.cli.program import Program
from xreview.repo.repository import find_repository
from xreview.review.choosing.selection import CONSENT_FILE
from xreview.review.egress.consent import Consents, Egress

OPENAI = Egress("openai", "api.openai.com", ("gpt",))
GOOGLE = Egress("google", "generativelanguage.googleapis.com", ("gemini",))


@pytest.fixture
def consents(program: Program) -> Consents:
    """Two places allowed for the program's repository, one for another."""
    made = Consents(program.data / "state" / CONSENT_FILE)
    here = find_repository(program.folder).identity
    made.allow(here, OPENAI, "2026-11-21T10:00:00+00:00")
    made.allow(here, GOOGLE, "2026-11-20T10:00:00+00:00")
    made.allow("elsewhere", OPENAI, "2026-11-20T10:00:00+00:00")
    return made


def test_nothing_is_allowed_at_first(program: Program) -> None:
    done = program.run("egress", "list")
    assert (done.code, done.err) == (0, "")
    assert "No vendor can receive this repository's code" in done.out


def test_what_was_allowed_is_listed_for_this_repository_only(program, consents) -> None:
    rows = program.run("egress", "list").out.splitlines()
    assert rows[0].split() == ["VENDOR", "HOST", "SINCE"]
    assert rows[1].split() == ["google", GOOGLE.host, "2026-11-20"]
    assert rows[2].split() == ["openai", OPENAI.host, "2026-11-21"]
    assert len(rows) == 3
    told = json.loads(program.run("egress", "list", "--json").out)
    assert [one["host"] for one in told["allowed"]] == [GOOGLE.host, OPENAI.host]
    assert told["everywhere"] == []


def test_what_the_settings_allow_is_listed_too(program: Program) -> None:
    done = program.run("egress", "list", XREVIEW_EGRESS="anthropic")
    assert "For every repository, set by $XREVIEW_EGRESS: anthropic" in done.out


@pytest.mark.parametrize("where", ["openai", "api.openai.com", "openai@api.openai.com"])
def test_one_place_is_taken_back(program, consents, where: str) -> None:
    done = program.run("egress", "forget", where)
    assert (done.code, done.out) == (0, "Revoked 1 permission: openai@api.openai.com\n")
    here = find_repository(program.folder).identity
    assert not consents.allows(here, OPENAI)
    assert consents.allows(here, GOOGLE)
    assert consents.allows("elsewhere", OPENAI)


def test_all_of_it_is_taken_back(program, consents) -> None:
    assert program.run("egress", "forget").out.startswith("Revoked 2 permissions: ")
    assert program.run("egress", "forget").out == "No permissions to revoke.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["forget", "mistral"], "“mistral” has no permission for this repository."),
        (["list", "openai"], "`list` doesn't accept a vendor or host."),
        (["forget", "--json"], "`forget` doesn't accept --json."),
        (["lst"], "Did you mean list?"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(program, consents, words, sentence) -> None:
    done = program.run("egress", *words)
    assert done.code == 2
    assert sentence in done.err


def test_outside_of_a_repository_there_is_nothing_to_list(program: Program, tmp_path) -> None:
    (tmp_path / "elsewhere").mkdir()
    done = program.run("egress", "list", "-C", str(tmp_path / "elsewhere"))
    assert done.code == 2
    assert done.out == ""
