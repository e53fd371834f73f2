"""`xreview-tui brief` in real processes: what it asks, says, keeps, and where it writes."""

import os
import pty
import subprocess

import pytest

from tests.cli.program import Program
from tests.cli.test_export import RISKY, decide
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import BriefWritten
from xreview.journal.store import Journal

USAGE = 2
INTENDED = Decision(Verdict.REJECT, Reason.INTENDED)
TEMPLATE = "## Description\n\n<!-- say what -->\n\n## Testing\n\n- [x] tested\n"


@pytest.fixture
def rejected(program: Program, repository) -> Program:
    """The worktree is reviewed, and its first finding rejected as intended, without a note."""
    import json

    repository.write("run.py", RISKY)
    document = json.loads(program.run("review", "--format", "json").out)
    decide(program, repository, document["findings"][0], INTENDED)
    return program


def written(program: Program) -> list[BriefWritten]:
    with Journal.open(program.data / "journal.sqlite3") as journal:
        events = journal.events(types=(BriefWritten,))
        return [one.payload for one in events if isinstance(one.payload, BriefWritten)]


def test_a_change_without_a_review_says_so(program: Program, repository):
    repository.write("run.py", RISKY)
    done = program.run("brief")
    assert done.code == 0, done.err
    assert "No review of this change" in done.out
    assert "Title: Change run.py" in done.err
    assert "`run.py` (added, +13 −0)" in done.out


def test_questions_that_nobody_can_answer_here_are_listed(rejected: Program):
    done = rejected.run("brief")
    assert done.code == 0, done.err
    assert "Not answered: 1. “" in done.err
    assert "was rejected as intended. Why is it intended?" in done.err
    assert "No reason is given. Decided by Ada." in done.out
    assert "Not answered" not in rejected.run("brief", "--no-questions").err


def test_an_answer_is_kept_and_not_asked_again(rejected: Program):
    done = rejected.run("brief", "--answer", "1=Only admins call it.")
    assert "Only admins call it. Decided by Ada." in done.out
    again = rejected.run("brief")
    assert "Not answered" not in again.err
    assert "Answered: 1. " in again.err
    assert "Only admins call it." in again.out
    assert [one.answers[0].answer for one in written(rejected)] == ["Only admins call it."] * 2
    gone = rejected.run("brief", "--answer", "1=")
    assert "Not answered: 1." in gone.err
    assert "Not answered: 1." in rejected.run("brief").err


def test_what_was_reviewed_before_the_commit_is_found_after_it(rejected: Program, repository):
    repository.commit("Run what is asked for\n\nSee `run`.")
    done = rejected.run("brief")
    assert "Title: Run what is asked for" in done.err
    assert "rejected" in done.out
    assert "Changed after the review" not in done.out
    repository.write("run.py", RISKY + "\n\nprint(1)\n")
    repository.git("commit", "-qam", "x", "--amend", "-m", "Run more")
    assert "Changed after the review: `run.py`." in rejected.run("brief", "--commit", "HEAD").out


def test_it_is_asked_in_a_terminal_and_enter_skips(rejected: Program):
    main, side = pty.openpty()
    running = subprocess.Popen(
        rejected.command("brief"),
        cwd=rejected.folder,
        env=rejected.environ,
        stdin=side,
        stdout=subprocess.PIPE,
        stderr=side,
    )
    os.close(side)
    shown = b""
    while b"> " not in shown:
        shown += os.read(main, 4096)
    os.write(main, b"The caller checks it.\n")
    assert running.stdout is not None
    text = running.stdout.read().decode()
    assert running.wait() == 0
    os.close(main)
    assert "1/1" in shown.decode()
    assert "The caller checks it." in text


def test_the_repositorys_template_is_filled_as_it_was_before_the_change(
    rejected: Program, repository
):
    repository.write(".github/pull_request_template.md", "## Approved by all\n")
    assert "Approved by all" not in rejected.run("brief").out
    repository.write(".github/pull_request_template.md", TEMPLATE)
    repository.git("add", ".github")
    repository.git("commit", "-qm", "Add a template")
    done = rejected.run("brief")
    assert done.out.startswith("## Description\n\n1 file, ")
    assert "- [ ] tested" in done.out
    assert "## What changes" in rejected.run("brief", "--template", "none").out
    repository.write("mine.md", "## Summary\n\n## Sign-off\n")
    assert "## Sign-off" in rejected.run("brief", "--template", "mine.md").out


def test_a_file_gets_the_description_only(rejected: Program):
    done = rejected.run("brief", "--output", "brief.md")
    assert (done.code, done.out) == (0, ""), done.err
    assert (rejected.folder / "brief.md").read_text().startswith("## What changes\n")
    assert [one.target for one in written(rejected)] == ["brief.md"]


def test_the_two_texts_are_apart(rejected: Program):
    history, notes = rejected.run("brief").out, rejected.run("brief", "--for-reviewers").out
    assert "Don't report them again" in notes
    assert "Don't report" not in history
    assert len(written(rejected)) == 1


def test_a_session_can_be_described_later(rejected: Program, repository):
    repository.git("checkout", "-q", ".")
    done = rejected.run("brief", "--session", "latest", "--answer", "1=Later.")
    assert done.code == 0, done.err
    assert "Later. Decided by Ada." in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--answer", "x"), "needs a number"),
        (("--answer", "7=x"), "no question 7"),
        (("--pr", "--for-reviewers"), "can't be combined"),
        (("--output", "a", "--clipboard"), "can't be combined"),
        (("--model", "gpt", "--offline"), "can't be combined"),
        (("--model", "nobody"), "no model “nobody”"),
        (("--template", "missing.md"), "can't be read"),
        (("--session", "zz"), "not found"),
        (("--pr",), "gh pr create --body-file"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(rejected: Program, words: tuple[str, ...], said: str):
    done = rejected.run("brief", *words)
    assert done.code in (USAGE, 3), done.out
    assert said in done.err
    assert "Traceback" not in done.err
