from pathlib import Path

import pytest

from tests.analysers.changes import source
from xreview.analysers.analysis import Analysis, analyse
from xreview.analysers.linters import Enforced
from xreview.analysers.tools.installed import Program
from xreview.analysers.tools.program import LinterError
from xreview.analysers.tools.shellcheck import diagnose
from xreview.analysers.tools.zizmor import audit

COMMIT = "11bd71901bbe5b1630ceea73d27597364c9af683"
HEAD = """on: push
permissions:
  contents: write
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
"""


def workflow(*steps: str) -> str:
    return HEAD + "".join(f"      - {step}\n" for step in steps)


def read(new: str, old: str = "", language: str = "github-actions") -> Analysis:
    return analyse(source(language, new, old), Enforced())


def rules(found: Analysis) -> list[str]:
    return [problem.rule.id.partition("/")[2] for problem in found.problems]


def test_only_added_lines_count() -> None:
    old = workflow("run: echo ${{ github.head_ref }}")

    assert rules(read(old)) == ["template-injection"]
    assert rules(read(workflow("run: echo ${{ github.head_ref }}", "run: make"), old)) == []


def test_an_update_from_tag_to_tag_is_no_new_risk() -> None:
    old = workflow("uses: someone/setup@v1")

    assert rules(read(workflow("uses: someone/setup@v2"), old)) == []
    assert rules(read(workflow("uses: other/setup@v2"), old)) == ["action-not-pinned"]


def test_an_action_that_gets_nothing_worth_stealing_may_use_a_tag() -> None:
    uses = workflow("uses: someone/setup@v1")
    token = workflow("uses: someone/setup@v1", "  with: {token: '${{ github.token }}'}").replace(
        "      -   with", "        with"
    )
    secret = token.replace("github.token", "secrets.KEY")
    unsaid, reads = "permissions:\n  contents: write\n", "permissions: {}"

    assert scenario(uses) == "a token that can write."
    assert scenario(token.replace(unsaid, "")) == "`github.token`."
    assert scenario(secret.replace(unsaid, "")) == "`secrets.KEY`."
    for harmless in (uses.replace(unsaid, ""), token.replace(unsaid, f"{reads}\n")):
        assert rules(read(harmless)) == []


def scenario(new: str) -> str:
    (found,) = (one for one in read(new).problems if one.rule.id.endswith("action-not-pinned"))
    return str(found.to_json()["scenario"]).partition("code with ")[2]


def test_what_a_job_may_write_counts_before_what_the_workflow_may() -> None:
    text = workflow("uses: someone/setup@v1")
    own = text.replace("    steps", "    permissions: {}\n    steps")

    assert "action-not-pinned" in rules(read(text))
    assert "action-not-pinned" not in rules(read(own))


def test_a_called_workflow_that_gets_the_secrets_counts() -> None:
    call = "on: push\njobs:\n  a:\n    uses: a/b/.github/workflows/c.yml@v1\n"

    assert rules(read(call)) == []
    assert "action-not-pinned" in rules(read(call + "    secrets: inherit\n"))


def test_a_comment_about_pinning_says_why() -> None:
    assert rules(read(workflow("# It can't be pinned.", "uses: a/b@v1").replace("- #", "#"))) == []


def test_an_audit_that_does_not_count_here_is_not_said_in_other_words() -> None:
    steps = workflow("uses: actions/stale@v1").replace("push", "issue_comment")

    assert rules(read(steps)) == []


def test_a_tag_instead_of_a_commit_is_a_new_risk() -> None:
    old = workflow(f"uses: someone/setup@{COMMIT}")

    assert rules(read(workflow("uses: someone/setup@v2"), old)) == ["action-not-pinned"]


def test_actions_that_are_not_pinned_are_one_finding_that_names_them() -> None:
    found = read(workflow(*(f"uses: someone/{name}@v1" for name in "abcde"), "uses: a/b@main"))

    claims = {
        one.rule.id.partition("/")[2]: one.to_json()["claim"].partition(" can ")[0]
        for one in found.problems
    }
    assert (
        claims["action-not-pinned"] == "`someone/a@v1`, `someone/b@v1`, `someone/c@v1` and 2 more"
    )
    assert claims["action-from-branch"].startswith("`a/b@main` is ")
    assert len(claims) == len(found.problems) == 2


def test_an_audit_without_a_rule_has_its_own_name_and_says_what_zizmor_says() -> None:
    image = f"x@sha256:{COMMIT}{COMMIT[:24]}"
    container = f"image: {image}\n      credentials: {{username: me, password: hunter2}}\n"
    steps = workflow("run: make")
    (found,) = read(steps.replace("steps:", f"container:\n      {container}    steps:")).problems

    assert found.rule.id == "github-actions/hardcoded-container-credentials"
    assert found.rule.meaning == found.rule.id
    assert "hard-coded" in found.to_json()["claim"]


def test_a_comment_for_the_linter_silences_it() -> None:
    line = "run: echo ${{ github.head_ref }}"

    assert rules(read(workflow(f"{line} # zizmor: ignore[template-injection]"))) == []
    silent = '#!/bin/bash\n# shellcheck disable=SC2115\nrm -rf "$1/"\n'
    assert rules(read(silent, language="bash")) == []


def test_what_zizmor_cannot_read_is_a_gap() -> None:
    found = read("*&%: [\n")

    assert found.problems == ()
    assert found.gap == "zizmor ended with code 1"


@pytest.mark.parametrize(
    ("script", "gap"),
    [
        ("#!/usr/bin/env zsh\nmake\n", "shellcheck reads only sh, bash, dash, ksh and busybox"),
        ("#!/bin/bash\nmake\nif (\n", "shellcheck can't parse it from line 3 on"),
        ('#!/bin/bash\nrm "$1"\n', ""),
    ],
)
def test_what_shellcheck_cannot_read_is_a_gap(script: str, gap: str) -> None:
    assert read(script, language="bash").gap == gap


def test_no_other_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "other.sh").write_text('rm -rf "$1/"\n')

    found = read(f"#!/bin/bash\nsource {tmp_path}/other.sh\n", language="bash")

    assert (found.problems, found.gap) == ((), "")


@pytest.mark.parametrize("answer", ["", "{", "[1]", '{"comments": [{}]}', '[{"ignored": false}]'])
def test_an_answer_of_another_form_is_an_error(tmp_path: Path, answer: str) -> None:
    program = tmp_path / "linter"
    program.write_text(f"#!/bin/sh\n/bin/cat <<'END'\n{answer}\nEND\n")
    program.chmod(0o755)

    for check in (audit, diagnose):
        with pytest.raises(LinterError, match="another form"):
            list(check(Program(program, "1"), "text"))
