"""`xreview-tui fix` in real processes, with an agent on PATH that does what a test tells it to."""

import json
import shutil
import signal
import subprocess
import time
from copy import deepcopy
from pathlib import Path

import pytest

from tests.cli.fixing import SAFE, Fixes
from tests.cli.test_export import RISKY
from tests.repo.disposable.trees import hashed
from xreview.domain.events.event import (
    FixApplied,
    FixDiscarded,
    FixEnded,
    FixJudged,
    FixReverted,
    FixStarted,
)
from xreview.journal.store import Journal

GREEN = "python3 -m py_compile run.py"


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> tuple[Fixes, Path]:
    """A reviewed checkout with its home, and a copy of both; the review is made once."""
    folder = tmp_path_factory.mktemp("fixes")
    made = Fixes.in_folder(folder / "used")
    made.review()
    shutil.copytree(folder / "used", folder / "kept", symlinks=True)
    return made, folder / "kept"


@pytest.fixture
def fixes(kept: tuple[Fixes, Path]) -> Fixes:
    """Put back as they were, at the same place: the journal knows a repository by its path."""
    made, copy = kept
    used = made.program.home.parent
    shutil.rmtree(used)
    shutil.copytree(copy, used, symlinks=True)
    return deepcopy(made)


def outcomes(found: dict) -> set[str]:
    return {one["outcome"] for one in found["findings"]}


def recorded(fixes: Fixes) -> list[object]:
    with Journal.open(fixes.program.data / "journal.sqlite3") as journal:
        (session, *_) = journal.sessions(str((fixes.repository.top / ".git").resolve()))
        return [one.payload for one in journal.events(session=session.id)]


def test_an_agent_fixes_in_a_tree_and_the_patch_is_applied_on_request(fixes: Fixes) -> None:
    fixes.plan(fixes.writes())
    before = hashed(fixes.repository.top)
    done = fixes.fix("--agent", "claude-code", "--check", GREEN)
    assert done.code == 0, done.out + done.err
    first, *lines = done.out.splitlines()
    assert first.startswith("claude-code (agent: anthropic): 3 fixed · checks 1/1 (before 1/1)")
    assert "$0.25" in first
    assert "run.py:5  A command runs through the shell" in done.out
    assert lines[-1].startswith("Apply it with `xreview-tui fix --apply ")
    assert hashed(fixes.repository.top) == before
    assert fixes.said("folder") != str(fixes.repository.top)
    listed = fixes.fix("--list").out
    assert "to apply" in listed
    id = lines[-1].rpartition(" ")[2].rstrip("`.")
    assert id in listed
    applied = fixes.fix("--apply", id)
    assert (applied.code, applied.out, applied.err) == (0, "changed  run.py\n", "")
    assert fixes.repository.path("run.py").read_text() == SAFE
    assert fixes.repository.git("log", "--format=%s") == "first"
    kinds = [type(one) for one in recorded(fixes)]
    assert kinds.count(FixStarted) == kinds.count(FixEnded) == kinds.count(FixApplied) == 1
    assert kinds.count(FixJudged) == 3
    assert fixes.fix("--clean").out.startswith(f"removed  {id}")


def test_the_json_of_a_fix(fixes: Fixes) -> None:
    fixes.plan(fixes.writes(), "echo more > notes.txt")
    found = fixes.as_json("--check", GREEN, "--check", "false")
    assert found["code"] == 0
    assert found["fixer"] == {
        "name": "claude-code",
        "kind": "agent",
        "family": "anthropic",
        "model": "",
    }
    assert set(found) - {"code"} == {
        *("id", "fixer", "findings", "tampering", "new", "outside", "refused", "checks"),
        *("applied", "cost", "seconds", "notices", "why", "folder"),
    }
    assert outcomes(found) == {"fixed"}
    assert all(one["files"] == ["run.py"] for one in found["findings"])
    assert set(found["findings"][0]) == {
        *("fingerprint", "path", "line", "title", "outcome", "evidence", "rounds", "files"),
    }
    assert found["outside"] == ["notes.txt"]
    was_red = {"command": "false", "before": 1, "after": 1, "is_worse": False}
    assert found["checks"][1] == was_red, "what was red before is no regression"
    assert found["applied"] is False
    assert fixes.fix("--apply", found["id"]).code == 0
    assert not fixes.repository.path("notes.txt").exists(), "no finding asked for it"


def test_what_would_be_sent_is_printed_and_not_sent(fixes: Fixes) -> None:
    done = fixes.fix("--dry-run")
    assert done.code == 0
    assert "Fix the 3 problems below, listed file by file." in done.out
    assert 'subprocess.run(f"ls {name}", shell=True)' in done.out
    assert not (fixes.program.home / "prompt").exists()
    assert fixes.fix("--list").out == "No fix is kept.\n"


def test_only_the_named_findings_are_fixed(fixes: Fixes) -> None:
    fixes.plan(fixes.writes())
    name = fixes.findings[0]["fingerprint"]
    found = fixes.as_json("--findings", f" {name[:9]} ,")
    assert [one["fingerprint"] for one in found["findings"]] == [name]
    assert "Problem 1 of 1" in fixes.said("prompt")
    done = fixes.fix("--findings", "nosuch")
    assert (done.code, done.out) == (2, "")
    assert "No accepted finding begins with 'nosuch'." in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--list", "--dry-run"), "--dry-run and --list can't be combined."),
        (("--agent", "x", "--mechanical"), "--agent and --mechanical can't be combined."),
        (("--agent", "nobody"), "Unknown fixer “nobody”."),
        (("--agent", "codex"), "codex"),
        (("--apply", "nosuch"), "No kept fix begins with 'nosuch'."),
        (("--clean", "nosuch"), "No kept fix begins with 'nosuch'."),
        (("--mechanical",), "suggestions can't fix: no accepted finding has a replacement."),
        (("--budget", "much"), "--budget"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(fixes: Fixes, words, said) -> None:
    done = fixes.fix(*words)
    assert (done.code, done.out) == (2, ""), done.err
    assert said in done.err
    assert fixes.fix("--list").out == "No fix is kept.\n"


def test_nothing_accepted_and_no_session_are_sentences(program, repository) -> None:
    fixes = Fixes(program, repository)
    repository.write("run.py", RISKY)
    done = fixes.fix()
    assert (done.code, done.out) == (2, "")
    program.run("review", "--quiet")
    done = fixes.fix()
    assert (done.code, done.out) == (2, "")
    assert "no accepted finding to fix" in done.err


def test_code_goes_nowhere_without_consent(fixes: Fixes) -> None:
    done = fixes.program.run("fix", "--agent", "claude-code")
    assert done.code in (2, 3)
    assert done.out == ""
    assert "Code may not go to claude-code." in done.err
    assert not (fixes.program.home / "prompt").exists()
    assert fixes.fix("--list").out == "No fix is kept.\n"


def test_an_agent_that_is_not_there_or_not_logged_in(fixes: Fixes) -> None:
    (fixes.program.home / ".claude" / ".credentials.json").unlink()
    done = fixes.fix("--agent", "claude-code")
    assert (done.code, done.out) == (2, "")
    assert "claude-code can't fix: " in done.err
    assert "log" in done.err
    shutil.rmtree(fixes.program.home / "bin")
    done = fixes.fix("--agent", "claude-code")
    assert (done.code, done.out) == (2, "")
    assert "claude-code" in done.err


def says(**changed: object) -> str:
    return json.dumps({"type": "result", "subtype": "success", "is_error": False} | changed)


@pytest.mark.parametrize(
    ("said", "complains", "expected"),
    [
        ("garbage", "", ""),
        (says(is_error=True, result="Not logged in · Please run /login"), "", "isn't logged in"),
        (says(is_error=True, result="Usage limit reached"), "", "has reached its usage limit"),
        (says(result="I am done.", usage={}), "", ""),
        ("", "Invalid API key", "isn't logged in"),
        (says(subtype="error_max_budget_usd", is_error=True), "", ""),
    ],
)
def test_a_fixer_that_fails_blocks_and_the_partial_patch_is_kept(
    fixes: Fixes, said, complains, expected
) -> None:
    fixes.plan(fixes.writes())
    fixes.tell("says", said)
    fixes.tell("complains", complains)
    fixes.tell("exit", "1" if complains else "0")
    done = fixes.fix("--agent", "claude-code")
    assert done.code == 3, done.out + done.err
    assert "3 blocked" in done.out
    assert "the fixer gave no result: " in done.out
    assert "\nincomplete: " in done.out
    assert expected in done.out
    assert "reviewer" not in done.out, "it isn't one"
    assert "to apply" in fixes.fix("--list").out
    assert fixes.repository.path("run.py").read_text() == RISKY


def test_a_permission_that_the_agent_was_refused_is_told(fixes: Fixes) -> None:
    fixes.plan(fixes.writes())
    refused = [{"tool_name": "Bash", "tool_use_id": "1", "tool_input": {"command": "make evil"}}]
    fixes.tell("says", says(permission_denials=refused, structured_output={"results": []}))
    done = fixes.fix("--agent", "claude-code")
    assert done.code in (1, 3)
    assert "blocked" in done.out


def test_an_agent_that_is_blocked_says_why(fixes: Fixes) -> None:
    fixes.tell("status", "blocked")
    fixes.tell("reason", "The\x1b[2J shell is needed.")
    done = fixes.fix("--agent", "claude-code")
    assert done.code == 1
    assert "3 blocked" in done.out
    assert "the fixer says: The" in done.out
    assert "\x1b" not in done.out
    assert done.out.splitlines()[-1] == "The patch has nothing to apply."


def test_one_that_changes_nothing_fixes_nothing(fixes: Fixes) -> None:
    found = fixes.as_json()
    assert (found["code"], outcomes(found)) == (1, {"still there"})
    assert {one["evidence"] for one in found["findings"]} == {"the patch is empty"}
    assert fixes.fix("--list").out == "No fix is kept.\n"


def test_interrupting_one_that_hangs_keeps_the_partial_patch(fixes: Fixes) -> None:
    fixes.plan(fixes.writes(), "touch ~/begun", "exec sleep 600")
    process = start(fixes)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "3 not verified" in out
    assert "incomplete: the fix was stopped" in out
    assert "Apply it with" in out
    assert not running("sleep 600", fixes)
    assert "to apply" in fixes.fix("--list").out


def start(fixes: Fixes, *words: str) -> "subprocess.Popen[str]":
    """A fix by an agent that has begun."""
    process = subprocess.Popen(
        fixes.program.command("fix", "--yes-egress", "--agent", "claude-code", *words),
        cwd=fixes.repository.top,
        env=fixes.program.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(1200):
        if (fixes.program.home / "begun").exists():
            return process
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise TimeoutError


def running(command: str, fixes: Fixes) -> list[int]:
    """The processes with these words that work in the fixes."""
    found = []
    for _ in range(60):
        found = [pid for pid in pids() if _is(pid, command, str(fixes.shelf))]
        if not found:
            return []
        time.sleep(0.05)
    return found


def pids() -> list[int]:
    return [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]


def _is(pid: int, command: str, folder: str) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        return words == command and str(Path(f"/proc/{pid}/cwd").readlink()).startswith(folder)
    except OSError:
        return False


def test_a_fix_that_is_killed_is_found_and_cleaned_up(fixes: Fixes) -> None:
    fixes.plan(fixes.writes(), "touch ~/begun", "exec sleep 600")
    before = hashed(fixes.repository.top)
    process = start(fixes)
    (running_one,) = json.loads(fixes.fix("--list", "--json").out)
    assert running_one["running"]
    refused = fixes.fix("--clean", running_one["id"])
    assert (refused.code, refused.out) == (2, "")
    assert "in use by another" in refused.err
    process.kill()
    process.communicate(timeout=60)
    assert not running("sleep 600", fixes), "the agent ends with the program"
    assert hashed(fixes.repository.top) == before
    (left,) = json.loads(fixes.fix("--list", "--json").out)
    assert not left["running"]
    assert left["unapplied"], "there may be a patch in it"
    kept = fixes.fix("--clean")
    assert (kept.code, kept.out) == (0, "")
    assert "1 fix kept" in kept.err
    refused = fixes.fix("--apply", left["id"])
    assert (refused.code, refused.out) == (2, "")
    assert "didn't come to its end" in refused.err
    removed = fixes.fix("--clean", left["id"][:8])
    assert (removed.code, removed.out.split()[0]) == (0, "removed")
    assert not list(fixes.shelf.iterdir())
    assert hashed(fixes.repository.top) == before


def test_two_fixes_at_once_in_one_repository(fixes: Fixes) -> None:
    fixes.plan(fixes.writes(), "touch ~/begun", "while [ ! -e ~/go ]; do sleep 0.05; done")
    first = start(fixes)
    other = start(fixes)
    try:
        for _ in range(400):
            rows = json.loads(fixes.fix("--list", "--json").out)
            if len(rows) == 2:
                break
            time.sleep(0.05)
        assert [one["running"] for one in rows] == [True, True]
    finally:
        fixes.tell("go", "")
        ended = [one.communicate(timeout=100) for one in (first, other)]
    assert [first.returncode, other.returncode] == [0, 0], ended
    rows = json.loads(fixes.fix("--list", "--json").out)
    assert [(one["running"], one["unapplied"]) for one in rows] == [(False, True)] * 2
    codes = [fixes.fix("--apply", one["id"]).code for one in rows]
    assert codes == [0, 0], "the same change twice is no conflict"
    assert fixes.repository.path("run.py").read_text() == SAFE


def test_a_second_round_goes_on_from_a_kept_fix(fixes: Fixes) -> None:
    half = RISKY.replace("items=[]", "items=()").replace("except:", "except IndexError:")
    fixes.plan(fixes.writes(half))
    first = fixes.as_json("--check", GREEN)
    left = [one for one in first["findings"] if one["outcome"] == "still there"]
    assert len(left) == 2, "one finding each of two analysers"
    (fixes.program.home / "prompt").unlink()
    (fixes.repository.top / "note.txt").write_text("Use a list.\n")
    fixes.plan("echo >> ~/rounds", fixes.writes())
    second = fixes.as_json("--again", first["id"][:8], "--note", "@note.txt")
    assert (second["code"], outcomes(second)) == (0, {"fixed"}), second
    assert "Problem 1 of 2" in fixes.said("prompt"), "the third is fixed"
    assert "Use a list." in fixes.said("prompt")
    assert "After the first round it is “still there”" in fixes.said("prompt")
    assert [one["command"] for one in second["checks"]] == [GREEN]
    assert second["checks"][0]["before"] == 0
    assert second["folder"] == first["folder"]
    by_name = {one["fingerprint"]: one for one in second["findings"]}
    assert len(by_name) == 3
    again = by_name[left[0]["fingerprint"]]
    assert [(one["round"], one["outcome"]) for one in again["rounds"]] == [
        (1, "still there"),
        (2, "fixed"),
    ]
    (row,) = json.loads(fixes.fix("--list", "--json").out)
    assert row["id"] == first["id"]
    applied = fixes.fix("--apply", first["id"])
    assert (applied.code, applied.out) == (0, "changed  run.py\n"), applied.err
    assert fixes.repository.path("run.py").read_text() == SAFE
    started = [one for one in recorded(fixes) if isinstance(one, FixStarted)]
    assert [(one.earlier, one.note) for one in started] == [("", ""), (first["id"], "Use a list.")]
    third = fixes.fix("--again", first["id"], "--note", "Once more.")
    assert (third.code, third.out) == (2, "")
    assert "This fix had its second round already." in third.err
    assert fixes.fix("--undo").code == 0
    assert fixes.repository.path("run.py").read_text() == RISKY


def test_a_second_round_that_is_stopped_keeps_the_verdicts_of_the_first(fixes: Fixes) -> None:
    half = RISKY.replace("items=[]", "items=()").replace("except:", "except IndexError:")
    fixes.repository.write("test_run.py", "def test_run():\n    assert run() == 1\n")
    fixes.plan(fixes.writes(half))
    first = fixes.as_json("--check", GREEN)
    fixes.plan("rm test_run.py", "touch ~/begun", "exec sleep 600")
    process = start(fixes, "--again", first["id"], "--note", "Go on.")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "2 tampered · 1 fixed" in out, "what it did to the tests shows, though it was stopped"
    assert "              first round: still there, " in out
    assert "              second round: tampered, " in out
    refused = fixes.fix("--apply", first["id"])
    assert "This fix is tampered." in refused.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--again", "{id}"), "A second round needs a note."),
        (("--again", "{id}", "--note", " "), "A second round needs a note."),
        (("--again", "{id}", "--note", "@nosuch"), "can't be read"),
        (("--again", "nosuch", "--note", "x"), "No kept fix begins with 'nosuch'."),
        (("--again", "{id}", "--note", "x", "--check", "true"), "--again and --check"),
        (("--again", "{id}", "--note", "x", "--mechanical"), "--again and --mechanical"),
        (("--again", "{id}", "--note", "x", "--dry-run"), "--again and --dry-run"),
        (("--note", "x"), "--note is for a second round."),
        (("--again", "{id}", "--note", "x"), "Everything in this fix is fixed."),
    ],
)
def test_what_cannot_be_a_second_round_is_a_sentence(fixes: Fixes, words, said) -> None:
    fixes.plan(fixes.writes())
    id = fixes.as_json()["id"]
    if "fixed" not in said:
        change_kept(fixes, id, "still there")
    done = fixes.fix(*(word.format(id=id) for word in words))
    assert (done.code, done.out) == (2, ""), done.err
    assert said in done.err
    assert "to apply" in fixes.fix("--list").out, "the first round is as it was"


def change_kept(fixes: Fixes, id: str, outcome: str) -> None:
    """Make the verdicts of a kept fix others."""
    file = fixes.shelf / id / "kept.json"
    document = json.loads(file.read_text())
    for one in document["findings"]:
        one["outcome"] = outcome
    file.write_text(json.dumps(document))


def test_what_was_applied_last_is_undone_first(fixes: Fixes) -> None:
    fixes.plan(fixes.writes())
    first = fixes.as_json()
    fixes.plan(fixes.writes("OTHER = 1\n" + RISKY))
    second = fixes.as_json()
    assert fixes.fix("--undo").err.count("No applied fix is left to undo here.") == 1
    for one in (first, second):
        assert fixes.fix("--apply", one["id"]).code == 0
    both = fixes.repository.path("run.py").read_text()
    assert both == "OTHER = 1\n" + SAFE
    rows = json.loads(fixes.fix("--list", "--json").out)
    assert [(one["unapplied"], one["undoable"]) for one in rows] == [(False, True)] * 2
    early = fixes.fix("--undo", first["id"][:9])
    assert (early.code, early.out) == (2, "")
    assert "run.py changed since this was applied." in early.err
    assert fixes.repository.path("run.py").read_text() == both
    assert fixes.fix("--undo").out == "as before  run.py\n"
    assert fixes.repository.path("run.py").read_text() == SAFE
    assert fixes.fix("--undo", first["id"]).code == 0
    assert fixes.repository.path("run.py").read_text() == RISKY
    applied = [one for one in recorded(fixes) if isinstance(one, FixApplied)]
    undone = [one for one in recorded(fixes) if isinstance(one, FixReverted)]
    assert [one.action for one in undone] == [one.action for one in reversed(applied)]
    assert [one.fix for one in undone] == [second["id"], first["id"]]
    again = fixes.fix("--apply", first["id"])
    assert (again.code, again.out) == (0, "changed  run.py\n")


def test_it_is_not_undone_over_a_later_edit(fixes: Fixes) -> None:
    fixes.plan(fixes.writes())
    found = fixes.as_json()
    assert fixes.fix("--apply", found["id"]).code == 0
    fixes.repository.write("run.py", SAFE + "mine = 1\n")
    done = fixes.fix("--undo")
    assert (done.code, done.out) == (2, "")
    assert "run.py changed since this was applied." in done.err
    assert fixes.repository.path("run.py").read_text() == SAFE + "mine = 1\n"
    assert not any(isinstance(one, FixReverted) for one in recorded(fixes))


def test_it_is_undone_in_the_checkout_that_it_changed(fixes: Fixes, tmp_path) -> None:
    fixes.plan(fixes.writes())
    found = fixes.as_json()
    assert fixes.fix("--apply", found["id"]).code == 0
    linked = tmp_path / "linked"
    fixes.repository.git("worktree", "add", "-q", str(linked))
    done = fixes.fix("-C", str(linked), "--undo")
    assert "No applied fix is left to undo here." in done.err
    done = fixes.fix("-C", str(linked), "--undo", found["id"])
    assert f"This was applied in {fixes.repository.top}." in done.err
    assert fixes.repository.path("run.py").read_text() == SAFE


def test_an_apply_that_was_killed_is_finished_or_undone(fixes: Fixes) -> None:
    fixes.plan(fixes.writes())
    found = fixes.as_json()
    assert fixes.fix("--apply", found["id"]).code == 0
    (record,) = (fixes.shelf / found["id"] / "applied").iterdir()
    # As after a kill before the first file was written.
    (record / "done").unlink()
    (fixes.shelf / found["id"] / "settled").unlink()
    fixes.repository.write("run.py", RISKY)
    finished = fixes.fix("--apply", found["id"])
    assert (finished.code, finished.out) == (0, "changed  run.py\n"), finished.err
    assert fixes.repository.path("run.py").read_text() == SAFE
    (record / "done").unlink()
    assert fixes.fix("--undo").code == 0
    assert fixes.repository.path("run.py").read_text() == RISKY


def test_a_patch_that_weakens_a_test_needs_force(fixes: Fixes) -> None:
    fixes.repository.write("test_run.py", "def test_run():\n    assert run() == 1\n")
    fixes.plan(fixes.writes(), "rm test_run.py")
    done = fixes.fix("--agent", "claude-code")
    assert done.code == 1
    assert "3 tampered" in done.out
    assert "TAMPERED      test_run.py: " in done.out
    assert "Read it first: it weakens or breaks something." in done.out
    id = json.loads(fixes.fix("--list", "--json").out)[0]["id"]
    refused = fixes.fix("--apply", id)
    assert (refused.code, refused.out) == (2, "")
    assert "This fix is tampered." in refused.err
    assert fixes.repository.path("run.py").read_text() == RISKY
    forced = fixes.fix("--apply", id, "--force")
    assert (forced.code, forced.out) == (0, "changed  run.py\n")
    assert fixes.repository.path("test_run.py").exists(), "no finding asked for that"


def test_a_blocked_fix_that_weakens_a_test_needs_force_too(fixes: Fixes) -> None:
    fixes.repository.write("test_run.py", "def test_run():\n    assert run() == 1\n")
    fixes.tell("status", "blocked")
    fixes.plan(fixes.writes(), "rm test_run.py")
    found = fixes.as_json()
    assert outcomes(found) == {"blocked"}
    refused = fixes.fix("--apply", found["id"])
    assert (refused.code, refused.out) == (2, "")
    assert "This fix is tampered." in refused.err


def test_a_check_that_gets_worse_is_a_regression(fixes: Fixes) -> None:
    fixes.plan(fixes.writes(SAFE + "\nbroken = 1\n"))
    found = fixes.as_json("--check", "! grep -q broken run.py")
    assert (found["code"], outcomes(found)) == (1, {"regressed"})
    assert found["checks"][0]["is_worse"]
    assert "This fix is regressed." in fixes.fix("--apply", found["id"]).err


def test_a_moved_tree_is_merged_and_a_conflict_left_as_it_is(fixes: Fixes) -> None:
    fixes.plan(fixes.writes())
    found = fixes.as_json()
    moved = "LATER = 2\n\n" + RISKY
    fixes.repository.write("run.py", moved.replace('f"ls {name}"', 'f"ls -l {name}"'))
    conflict = fixes.fix("--apply", found["id"])
    assert (conflict.code, conflict.out) == (1, "")
    assert "run.py changed in the same place meanwhile; it was left as it is." in conflict.err
    assert "<<<<" not in fixes.repository.path("run.py").read_text()
    assert not any(isinstance(one, FixApplied) for one in recorded(fixes))
    fixes.repository.write("run.py", moved)
    merged = fixes.fix("--apply", found["id"])
    assert (merged.code, merged.out) == (0, "merged  run.py\n"), merged.err
    assert fixes.repository.path("run.py").read_text() == "LATER = 2\n\n" + SAFE


def test_in_place_needs_a_clean_checkout(fixes: Fixes) -> None:
    fixes.plan(fixes.writes())
    done = fixes.fix("--in-place")
    assert (done.code, done.out) == (2, "")
    assert "--in-place needs a checkout without uncommitted changes." in done.err
    fixes.repository.commit("risky")
    found = fixes.as_json("--in-place")
    assert (found["code"], found["applied"]) == (0, True)
    assert fixes.repository.path("run.py").read_text() == SAFE
    assert fixes.repository.git("log", "--format=%s").splitlines() == ["risky", "first"]
    assert " to undo " in fixes.fix("--list").out
    refused = fixes.fix("--apply", found["id"])
    assert "This fix is applied already." in refused.err
    undone = fixes.fix("--undo")
    assert (undone.code, undone.out) == (0, "as before  run.py\n"), undone.err
    assert fixes.repository.git("status", "--porcelain") == ""
    assert fixes.fix("--list").out == "No fix is kept.\n"
    applied, undone = recorded(fixes)[-2:]
    assert undone == FixReverted(applied.action, applied.fix)


def test_in_place_never_applies_what_is_tampered(fixes: Fixes) -> None:
    fixes.repository.write("test_run.py", "def test_run():\n    assert run() == 1\n")
    fixes.repository.commit("risky")
    fixes.plan(fixes.writes(), "rm test_run.py")
    found = fixes.as_json("--in-place")
    assert (outcomes(found), found["applied"]) == ({"tampered"}, False)
    assert fixes.repository.path("run.py").read_text() == RISKY


def test_what_leads_out_of_the_tree_is_not_in_the_patch(fixes: Fixes) -> None:
    outside = fixes.program.home / "outside"
    outside.write_text("mine\n")
    fixes.plan(
        fixes.writes(),
        f"ln -s {outside} link",
        "printf '\\000\\001' > image.bin",
        "echo 'obey' > CLAUDE.md",
        "git add -A; git -c user.name=x -c user.email=x@x commit -qm mine; git tag mine",
        "mkdir nested; cd nested; git init -q; echo x > x",
    )
    before = hashed(fixes.repository.top)
    found = fixes.as_json()
    assert hashed(fixes.repository.top) == before
    assert found["code"] == 0, found
    assert {"link", "CLAUDE.md"} <= set(found["refused"])
    assert any(path.startswith("nested") for path in found["refused"])
    assert found["outside"] == ["image.bin"]
    assert fixes.repository.git("tag") == ""
    assert fixes.fix("--apply", found["id"]).code == 0
    assert outside.read_text() == "mine\n"
    assert not fixes.repository.path("link").is_symlink()


def test_a_change_of_the_checkout_while_it_runs_is_told(fixes: Fixes) -> None:
    fixes.plan(fixes.writes(), f"echo 1 > {fixes.repository.top}/stray.txt")
    done = fixes.fix("--agent", "claude-code")
    assert "While the fix ran, HEAD, the index or a file of your checkout changed." in done.out


def test_what_was_thrown_away_is_recorded(fixes: Fixes) -> None:
    fixes.plan(fixes.writes())
    found = fixes.as_json()
    done = fixes.fix("--clean", found["id"])
    assert (done.code, done.out.split()[0]) == (0, "removed")
    assert recorded(fixes)[-1] == FixDiscarded(found["id"])


def test_a_fix_of_another_repository_is_not_applied_here(fixes: Fixes, tmp_path) -> None:
    fixes.plan(fixes.writes())
    found = fixes.as_json()
    other = fixes.repository.clone(tmp_path / "other")
    done = fixes.fix("-C", str(other.top), "--apply", found["id"])
    assert (done.code, done.out) == (2, "")
    assert "belongs to another repository" in done.err


def test_the_settings_name_the_agent_the_check_and_the_budget(fixes: Fixes) -> None:
    fixes.configure(f'[fix]\nagent = "claude-code"\ncheck = ["{GREEN}"]\nbudget = 1.25\n')
    fixes.plan(fixes.writes())
    found = fixes.as_json()
    assert [one["command"] for one in found["checks"]] == [GREEN]
    assert "1.2500" in fixes.said("arguments")
    fixes.as_json("--budget", "0.75")
    assert "0.7500" in fixes.said("arguments")
