"""What was taken from attempts is known to `who`, and to a review and its export."""

import json

from tests.cli.program import Program
from tests.repo.builder import Builder
from tests.review.attempts.trials_at_hand import LINES, TrialsAtHand, graft, note_in, text


def test_a_graft_is_known_by_line_and_its_reason_is_exported(program: Program, repository: Builder):
    repository.write("b.txt", "".join(LINES))
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "more")
    trials = TrialsAtHand(
        repository,
        A={"b.txt": text(2, 3, 4)},
        B={"b.txt": text(38, mark="B"), "c.py": "cost = 1\n"},
    )
    both = trials.snapshot.comparison
    assert both is not None
    graft(trials, both.of("A") | both.of("B"), "A's loop, B's end")
    program.data.mkdir(exist_ok=True)
    note_in(program.data / "journal.sqlite3", trials, repository)
    told = program.run("who").out
    assert told.startswith("author: mixed: anthropic 60 %, openai 40 % (attempt, high)\n")
    assert "attempt: openai gpt-6.2-sol, high, for 2 files\n" in told
    assert "    you took it from attempt B (codex) on " in told
    assert program.run("review", "--offline").code == 3  # no rules for text files
    (session,) = json.loads(program.run("export", "--format", "json").out)["sessions"]
    (taken,) = session["taken"]
    assert (taken["task"], taken["reason"]) == ("Limit the retries", "A's loop, B's end")
    assert [one["label"] for one in taken["attempts"]] == ["A", "B"]
    told = program.run("export", "--format", "markdown").out
    assert "**Taken:** pieces of attempts A (claude-code) and B (codex) of “Limit" in told
