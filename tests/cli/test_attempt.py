"""`xreview-tui attempt`: real trees, shelves, journals and takes; scripted writers and reviews."""

import io
import json
import os
import signal
import sys

import pytest

from tests.cli.attempting import NAMES, Attempts, attempts_of
from tests.fakes.reports import finding, report
from tests.review.attempts.scripted import ScriptedWriter, writing, wrote
from xreview.domain.attempt.seat import Preset
from xreview.domain.attempt.statement import AttemptStatement, EdgeCase
from xreview.domain.errors import ReviewerError
from xreview.domain.events.event import AttemptReturned, AttemptTaken
from xreview.domain.report import Severity
from xreview.journal.store import Journal
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.repo.disposable.shelf import ATTEMPT_WARES, FixShelf
from xreview.review.attempts.place import AttemptReview
from xreview.review.attempts.writers import WriterReply

CODE = "one = 1\n\n\n\n\n\ntwo = 2\n\n\n\n\n\nthree = 3\n"
GREEN = "grep -q one a.py"
A_SAYS = AttemptStatement(
    "As Claude, I count on. It is simple.",
    ("Numbers are small.",),
    (EdgeCase("Zero is counted.", "a.py", "zero = 0"), EdgeCase("Negative.", "a.py", "nothing")),
    ("Fractions are not counted.",),
    by="claude-code",
)
B_SAYS = AttemptStatement("It counts on.", (), (), ("Zero is not counted.",), by="codex")


def replacing(old: str, new: str, said: AttemptStatement | None = None) -> ScriptedWriter:
    """A writer that replaces a text in a.py, and tells more than it should."""

    def step(top) -> None:
        file = top / "a.py"
        file.write_text(file.read_text().replace(old, new))

    telling = Doing("claude-code is thinking")
    return ScriptedWriter((telling, step, Usage(10, 10, 0.5), WriterReply(said)))


@pytest.fixture
def attempts(tmp_path, monkeypatch, capfd) -> Attempts:
    made = attempts_of(
        tmp_path,
        monkeypatch,
        capfd,
        replacing("one = 1", "zero = 0\none = 1", A_SAYS),
        replacing("three = 3", "three = 4\nfour = 4", B_SAYS),
        files={"a.py": CODE},
    )
    made.crew.findings = (finding(report(severity=Severity.HIGH)),)
    return made


def id_of(attempts: Attempts) -> str:
    (one,) = json.loads(attempts.run("--list", "--json").out)
    return one["id"]


def recorded(attempts: Attempts, tmp_path) -> list[object]:
    with Journal.open(tmp_path / "data/journal.sqlite3") as journal:
        return [one.payload for one in journal.events()]


def test_attempts_are_compared_and_one_is_taken_and_given_back(attempts, tmp_path):
    before = attempts.hashed()
    done = attempts.run("Count on.\nUp to four.", "--check", GREEN)
    assert done.code == 0, done.err
    assert attempts.hashed() == before
    assert done.out.startswith("Count on.\n2 attempts · $2.00 of $5.00 · id ")
    assert "Where they part" in done.out
    assert " - A handled: Zero is counted. (a.py:1)" in done.out
    assert "Negative. (unproven)" in done.out
    assert "What they change\n   a.py: 1 only A; 1 only B" in done.out
    id = id_of(attempts)
    taken = attempts.run("--take", f"{id[:8]}:b", "--reason", "It is shorter.")
    assert (taken.code, taken.err) == (0, "")
    assert taken.out.startswith("changed  a.py\nNothing was committed.")
    assert "four = 4" in attempts.text("a.py")
    assert "B taken into 1 file (It is shorter.)" in attempts.run("--open", id[:6]).out
    assert attempts.run("--undo").out == "as before  a.py\n"
    assert attempts.hashed() == before
    nothing = attempts.run("--undo")
    assert (nothing.code, nothing.out) == (2, "")
    assert "No attempt is taken here." in nothing.err
    kinds = [type(one) for one in recorded(attempts, tmp_path)]
    assert kinds.count(AttemptTaken) == kinds.count(AttemptReturned) == 1


def test_an_undo_needs_no_trial_that_is_open_elsewhere(attempts, tmp_path):
    attempts.run("Count on.")
    older = id_of(attempts)
    attempts.run("Count on again.")
    later = next(one["id"] for one in json.loads(attempts.run("--list", "--json").out)
                 if one["id"] != older)  # fmt: skip
    before = attempts.hashed()
    attempts.run("--take", f"{later}:A")
    shelf = FixShelf(tmp_path / "data/state/attempts", ATTEMPT_WARES)
    shelf.lock(older)
    assert attempts.run("--undo").out == "as before  a.py\n"
    assert attempts.hashed() == before
    for words in (["--undo", older], ["--open", older], ["--clean", older]):
        refused = attempts.run(*words)
        assert (refused.code, refused.out) == (2, ""), words
        assert (
            "in use by another xreview-tui" in refused.err or "No attempt is taken" in refused.err
        )
    shelf.release(older)


def test_nobody_is_named_until_one_is_taken(attempts):
    told = [
        attempts.run("Count on.", "--check", GREEN),
        attempts.run("--open", id_of(attempts)),
        attempts.run("--open", id_of(attempts), "--json"),
        attempts.run("--list", "--json"),
    ]
    for done in told:
        leaks = [name for name in NAMES if name in (done.out + done.err).lower()]
        assert leaks == [], done.out
    assert "Writers are hidden until you pick; `xreview-tui attempt --reveal" in told[0].out
    assert "As a model, I count on." in told[0].out
    found = json.loads(told[2].out)
    assert found["hidden"] is True
    assert [(one["writer"], one["tier"], one["reviewers"]) for one in found["attempts"]] == [
        (None, None, None),
        (None, None, None),
    ]
    attempts.run("--take", f"{id_of(attempts)}:A")
    after = attempts.run("--open", id_of(attempts)).out
    assert "A  claude-code opus-5 (deep), reviewed by gpt gpt-5.5" in after
    assert "hidden" not in after


def test_reveal_names_them_for_good(attempts):
    attempts.run("Count on.")
    id = id_of(attempts)
    assert "B  codex (deep), reviewed by gpt" in attempts.run("--reveal", id).out
    assert attempts.as_json("--open", id)["attempts"][1]["writer"]["family"] == "openai"


def test_the_setting_shows_names_at_once(attempts, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/config.toml").write_text("[attempts]\nblind = false\n")
    assert "A  claude-code opus-5 (deep)" in attempts.run("Count on.").out


def test_the_json_of_a_trial(attempts):
    found = attempts.as_json("Count on.", "--check", GREEN)
    assert set(found) - {"code"} == {
        *("id", "task", "kind", "why", "base", "revision", "preset", "started", "over", "hidden"),
        *("cost", "most", "attempts", "points", "pieces", "taken", "notices"),
    }
    assert (found["task"], found["kind"], found["why"]) == (
        "Count on.",
        "money",
        "deep: it costs money.",
    )
    first = found["attempts"][0]
    assert set(first) == {
        *("label", "writer", "tier", "reviewers", "stage", "why", "over", "stopped", "reviewed"),
        *("cost", "seconds", "facts", "statement", "checks", "tampering", "findings", "session"),
        *("unread", "files", "refused", "notices", "folder"),
    }
    assert first["facts"]["open"] == {"low": 0, "medium": 0, "high": 1, "critical": 0}
    assert first["checks"] == [
        {"command": GREEN, "before": 0, "after": 0, "is_worse": False},
    ]
    assert first["statement"]["handled"][0] == {
        "text": "Zero is counted.",
        "path": "a.py",
        "line": 1,
    }
    assert [(one["path"], one["number"], one["kind"]) for one in found["pieces"]] == [
        ("a.py", 0, "only"),
        ("a.py", 1, "only"),
    ]
    assert found["pieces"][0]["versions"][0]["labels"] == ["A"]
    assert {one["kind"] for one in found["points"]} >= {"handled", "left out"}


def test_a_graft_takes_pieces_of_both(attempts):
    attempts.run("Count on.", "--check", GREEN)
    id = id_of(attempts)
    done = attempts.run("--graft", id, "a.py:0=A", "a.py:1=B", "--reason", "Both.")
    assert done.code == 0, done.out + done.err
    assert attempts.text("a.py").startswith("zero = 0\none = 1\n")
    assert attempts.text("a.py").endswith("three = 4\nfour = 4\n")
    (taken,) = attempts.as_json("--open", id)["taken"]
    assert (taken["labels"], taken["reason"]) == (["A", "B"], "Both.")
    assert attempts.run("--undo", id).code == 0
    assert attempts.text("a.py") == CODE


def test_a_graft_that_breaks_a_check_is_not_taken_unless_forced(attempts):
    attempts.run("Count on.", "--check", "! grep -q zero a.py || ! grep -q four a.py")
    id = id_of(attempts)
    before = attempts.hashed()
    done = attempts.run("--graft", id, "A", "a.py:1=B")
    assert done.code == 1
    assert "broken   ! grep -q zero" in done.out
    assert "Nothing was taken, because the graft isn't sound." in done.out
    assert attempts.hashed() == before
    assert attempts.as_json("--graft", id, "A", "a.py:1=B")["took"] is None
    assert attempts.run("--graft", id, "A", "a.py:1=B", "--force").code == 0
    assert "four" in attempts.text("a.py")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--list", "--open", "x"), "--list and --open can't be combined."),
        (("Task", "--list"), "TASK says nothing to --list."),
        (("Task", "--force"), "--force says nothing to a new task. It needs --take or --graft."),
        (("--list", "--with", "x"), "--with says nothing to --list."),
        (("Task", "--swap", "--preset", "three"), "--swap and --preset three can't be combined."),
        (("Task", "--preset", "best"), "isn't one of swap, three, fast-deep"),
        (("Task", "--with", ","), "--with names nobody."),
        (("Task", "--budget", "much"), "--budget"),
        (("Task", "--base", "nosuch"), "nosuch"),
        (("  ",), "The task is empty"),
        (("@nosuch",), "can't be read"),
        ((), "What is to be done?"),
        (("--take", "x"), "names no attempt"),
        (("--take", "nosuch:A"), "No kept attempts begin with “nosuch”."),
        (("--graft", "nosuch"), "--graft names no piece."),
        (("--clean", "nosuch"), "No kept attempts begin with “nosuch”."),
        (("--reveal", ""), "No kept attempts begin with “”."),
    ],
)
def test_what_cannot_be_done_is_a_sentence(attempts, words, said):
    done = attempts.run(*words)
    assert (done.code, done.out) == (2, ""), done.err
    assert said in done.err
    assert attempts.run("--list").out == "No attempts are kept.\n"


def test_wrong_pieces_are_sentences(attempts):
    attempts.run("Count on.")
    id = id_of(attempts)
    for word, said in (
        ("b.py=A", "No attempt changes “b.py”."),
        ("a.py=C", "ends with no label"),
        ("a.py:7=A", "has no piece 7. They go from 0 to 1."),
        ("a.py:0=B", "B changes nothing there. A does."),
        ("a.py=base", "This graft takes nothing."),
        ("what", "ends with no label"),
    ):
        done = attempts.run("--graft", id, word)
        assert (done.code, done.out) == (2, ""), done.err
        assert said in done.err
    assert "There is no attempt “Z”" in attempts.run("--take", f"{id}:Z").err


def test_options_reach_the_wish(attempts):
    attempts.run(
        "Do it.", "--with", "claude:fast, codex", "--with", "gemini", "--swap", "--check", "true",
        "--budget", "2", "--base", "HEAD",
    )  # fmt: skip
    (wish,) = attempts.crew.wishes
    assert wish.writers == ("claude:fast", "codex", "gemini")
    assert (wish.preset, wish.checks, wish.revision, wish.budget) == (
        Preset.SWAP, ("true",), "HEAD", 2.0,
    )  # fmt: skip


def test_the_task_comes_from_a_file_or_a_pipe(attempts, monkeypatch):
    attempts.project.write("task.md", "# Title\nFrom a file.\n")
    attempts.run("@task.md", "--dry-run")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"From a pipe.\r\n\xff")))
    attempts.run("-", "--dry-run")
    assert [one.task for one in attempts.crew.wishes] == [
        "# Title\nFrom a file.",
        "From a pipe.\n\ufffd",
    ]


def test_a_dry_run_prints_what_is_sent_and_starts_nothing(attempts):
    done = attempts.run("Count on.", "--dry-run")
    assert done.code == 0
    assert "To claude-code (deep):\n\nCount on. ['a.py']" in done.out
    assert attempts.run("--list").out == "No attempts are kept.\n"


def with_reviews(attempts: Attempts, *reviews: AttemptReview | ReviewerError) -> None:
    attempts.crew.reviews = reviews


def test_one_that_is_good_enough_is_success(attempts):
    assert attempts.run("Count on.", "--check", "grep -q zero a.py", "--quiet").code == 0


def test_complete_ones_of_which_none_passes_are_not(attempts):
    done = attempts.run("Count on.", "--check", "grep -q ten a.py")
    assert done.code == 1
    assert "0/1" in done.out


def test_what_is_not_read_in_full_is_incomplete_and_never_looks_clean(attempts):
    gap = AttemptReview("s", unread=("gpt didn't read a.py.",), cost=0.1, is_over=True)
    with_reviews(attempts, gap)
    done = attempts.run("Count on.")
    assert done.code == 3
    assert "a model didn't read a.py." in done.out
    assert "0?" in done.out
    assert "?: not everything was read, so there can be more." in done.out


def test_a_review_that_fails_is_told_without_a_name(attempts):
    with_reviews(attempts, ReviewerError("gpt has no key.", "Set OPENAI_API_KEY."))
    done = attempts.run("Count on.")
    assert done.code == 3
    assert "a model has no key." in done.out
    assert "openai" not in done.out.lower()


def test_writers_that_change_nothing_are_complete(tmp_path, monkeypatch, capfd):
    idle = ScriptedWriter((WriterReply(A_SAYS),))
    attempts = attempts_of(tmp_path, monkeypatch, capfd, idle, files={"a.py": CODE})
    done = attempts.run("Count on.")
    assert done.code == 1
    assert "It changed nothing." in done.out
    assert done.out.rstrip().endswith("No attempt changed anything.")


def test_ctrl_c_stops_all_and_keeps_what_is_there(tmp_path, monkeypatch, capfd):
    def interrupt(top) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    writer = ScriptedWriter((wrote("four = 4\n"), interrupt, 60.0, WriterReply(None)))
    attempts = attempts_of(tmp_path, monkeypatch, capfd, writer, writing(), files={"a.py": CODE})
    before = attempts.hashed()
    done = attempts.run("Count on.")
    assert done.code == 3, done.err
    assert "cut short" in done.out
    assert attempts.hashed() == before
    assert attempts.as_json("--open", id_of(attempts))["attempts"][0]["files"] == ["a.py"]


def test_lists_and_cleaning(attempts):
    attempts.run("Count \x1b[2J on.")
    done = attempts.run("--list")
    assert done.out.split("\n")[0].split() == [
        "ID", "STARTED", "ATTEMPTS", "STATE", "TASK", "REPOSITORY",
    ]  # fmt: skip
    assert "A–B" in done.out
    assert "here" in done.out
    assert "\x1b" not in done.out
    removed = attempts.run("--clean")
    assert (removed.code, removed.err) == (0, "")
    assert removed.out.startswith("removed  ")
    assert attempts.run("--list").out == "No attempts are kept.\n"


def test_attempts_of_another_repository_stay_there(attempts, tmp_path):
    attempts.run("Count on.")
    id = id_of(attempts)
    other = attempts.project
    attempts.project = type(other)(tmp_path / "other")
    attempts.project.write("b.py", "")
    attempts.project.commit("first")
    done = attempts.run("--take", f"{id}:A")
    assert done.code == 2
    assert "belong to another repository. Start in it: xreview-tui -C " in done.err
    assert attempts.run("--clean").out == ""
    assert str(other.top) in attempts.run("--list").out


def test_before_the_first_commit_and_with_nothing_changed(tmp_path, monkeypatch, capfd):
    attempts = attempts_of(tmp_path, monkeypatch, capfd, writing(), files={"a.py": CODE})
    attempts.project.git("update-ref", "-d", "HEAD")
    assert attempts.run("Count on.").code == 0
    id = id_of(attempts)
    assert attempts.run("--take", f"{id}:A").code == 0
    assert attempts.text("a.py").endswith("three = 3\nthree = 3\n")


def test_outside_of_a_checkout_it_says_so(attempts, tmp_path):
    attempts.project.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))

    class Elsewhere:
        def __init__(self, top):
            self.top = top

    for folder, said in ((tmp_path / "bare.git", "bare repository"), (tmp_path, "repository")):
        attempts.project = Elsewhere(folder)
        done = attempts.run("Count on.")
        assert done.code == 2
        assert said in done.err


def test_hostile_words_take_no_effect(tmp_path, monkeypatch, capfd):
    evil = "\x1b[31mred\u202e\n- B handled: everything"
    said = AttemptStatement(evil, (evil,), (EdgeCase(evil, f"{evil}.py", evil),), (evil,), (evil,))
    steps = (Doing(evil), wrote("x = 1\n", "b\x1b[2J.py"), WriterReply(said, refused=(evil,)))
    attempts = attempts_of(
        tmp_path, monkeypatch, capfd, ScriptedWriter(steps), writing(), files={"a.py": CODE}
    )
    attempts.crew.findings = (finding(report(title=evil)),)
    attempts.run("Count on.")
    id = id_of(attempts)
    for done in (attempts.run("--open", id), attempts.run("--open", id, "--json")):
        assert "\x1b" not in done.out
        assert "\u202e" not in done.out
    assert "\n- B handled: everything" not in attempts.run("--open", id).out


def test_severe_findings_come_first(attempts):
    attempts.crew.findings = tuple(
        finding(report(str(number), severity=severity))
        for number, severity in enumerate((Severity.LOW,) * 6 + (Severity.CRITICAL,))
    )
    lines = attempts.run("Count on.").out.split("\n")
    told = [line for line in lines if line.startswith(("   critical", "   low"))]
    assert told[0].startswith("   critical")
    assert "   and 2 less severe findings" in lines


def test_the_journal_tells_it_and_names_nobody_before_the_take(attempts):
    attempts.run("Count on.\nFast.", "--check", GREEN)
    id = id_of(attempts)
    told = attempts.log("show", id[:8])
    lines = [line.split("  ")[-1] for line in told.split("\n\n")[1].split("\n")[1:]]
    assert lines[0] == "gave a task to 2 writers: Count on."
    assert "attempt A was reviewed: 1 finding, checks 1/1" in lines
    assert "its writer said what attempt B is" in lines
    assert [name for name in NAMES if name in told.lower()] == []
    attempts.run("--take", f"{id}:B", "--reason", "It is so.\nReally.")
    attempts.run("--undo")
    attempts.run("--clean")
    rows = attempts.log("show", id).strip().split("\n")[-3:]
    assert [row.split("  ")[-1] for row in rows] == [
        "took attempt B (codex) into 1 file: It is so.",
        "undid: took attempt B (codex) into 1 file: It i…",
        "discarded the attempts",
    ]
    assert attempts.log("list").startswith("This repository has no sessions.")
    stats = attempts.log("stats")
    assert "2 attempts at 1 task" in stats
    assert "codex (openai, deep)" in stats


def test_a_terminal_opens_the_app_on_the_attempts(attempts, monkeypatch):
    from xreview.cli import attempt_kept

    attempts.run("Count on.")
    id, opened = id_of(attempts), []
    monkeypatch.setattr(attempt_kept, "is_on_terminal", lambda: True)
    monkeypatch.setattr(
        "xreview.tui.launch.run_app",
        lambda request, options, *, trial: opened.append((request.cwd, trial)) or 0,
    )
    monkeypatch.setattr("xreview.cli.app.require_terminal", lambda **given: None)
    assert attempts.run("--open", id[:5]).code == 0
    assert opened == [(attempts.project.top, id)]
    assert attempts.run("--open", id, "--quiet").out.startswith("Count on.")
    assert len(opened) == 1
