"""Everything together, on real repositories."""

import hashlib
import json
import os
import time

import pytest

from tests.repo.attribution.building import told
from tests.repo.builder import Builder
from tests.repo.reading import change_of
from xreview.domain.authorship.author import EvidenceKind, WrittenLines
from xreview.repo.attribution import objects
from xreview.repo.attribution.gathering import evidence_in
from xreview.repo.repository import find_repository

CLAUDE = "Co-Authored-By: Claude Opus 5 <noreply@anthropic.com>"
ANTHROPIC = ("claude-code", "anthropic", "Claude Opus 5")


def gather(project: Builder, limit: int = 500, seconds: float = 60, **options):
    source = change_of(project.top, **options).source
    deadline = time.monotonic() + seconds
    return evidence_in(find_repository(project.top), source, deadline, limit=limit)


def committed(project: Builder, message: str, content: str = "x\n", path: str = "c.txt") -> str:
    project.write(path, content)
    return project.commit(message)


def note_of(project: Builder, commit: str, note: str, ref: str = "ai") -> None:
    project.git("notes", f"--ref={ref}", "add", "-f", "-F", "-", commit, input=note.encode())


def git_ai_note(path: str, lines: str, tool: str, model: str) -> str:
    agent = {"agent_id": {"tool": tool, "id": "1", "model": model}}
    return f"{path}\n  s_1::t_1 {lines}\n---\n{json.dumps({'sessions': {'s_1': agent}})}\n"


def test_a_range_of_commits(project):
    base = project.rev("HEAD")
    first = committed(project, f"one\n\n{CLAUDE}", "a\nb\nc\n", "name with\ttab.txt")
    second = committed(project, "two", "a\n", "d.txt")
    project.git("mv", "d.txt", "e.txt")
    third = committed(project, "three\n\nAssisted-by: Codex", "a\n", "f.txt")
    gathered = gather(project, range=f"{base}..HEAD")
    assert {(one.commit, one.vendor) for one in gathered.evidence} == {
        (first, "anthropic"),
        (third, "openai"),
    }
    assert gathered.changed_lines == {
        first: {"name with\ttab.txt": 3},
        second: {"d.txt": 1},
        third: {"e.txt": 0, "f.txt": 1},
    }
    assert gathered.notices == ()
    assert all(one.at.startswith("2023-11-14T") for one in gathered.evidence)


def test_one_commit_and_a_merge(project):
    project.branch("side")
    committed(project, f"side\n\n{CLAUDE}", "1\n2\n", "side.txt")
    project.checkout("main")
    committed(project, "main")
    project.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    merge = project.rev("HEAD")
    one = gather(project, commit=merge)
    assert one.changed_lines == {merge: {"side.txt": 2}}
    assert one.evidence == ()
    whole = gather(project, range=f"{merge}~1..{merge}")
    assert told(whole.evidence) == [ANTHROPIC]


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_notes_wherever_git_keeps_them(project, cut):
    commit = committed(project, "one")
    name = commit
    for level in range(cut):
        name = f"{name[: 2 + 3 * level]}/{name[2 + 3 * level :]}"
    note = git_ai_note("c.txt", "1", "codex", "gpt-5.5")
    stream = (
        "commit refs/notes/ai\ncommitter A <a@b> 1700000000 +0000\ndata 0\n"
        f"M 100644 inline {name}\ndata {len(note)}\n{note}\n"
    )
    project.git("fast-import", "--quiet", input=stream.encode())
    (trace,) = gather(project, commit="HEAD").evidence
    assert told([trace]) == [("codex", "openai", "gpt-5.5")]
    assert trace.lines == (WrittenLines("c.txt", ((1, 1),)),)
    assert (trace.kind, trace.commit) == (EvidenceKind.NOTE, commit)


def test_a_note_that_is_malformed_or_too_large_is_a_notice(project, monkeypatch):
    first, second = committed(project, "one"), committed(project, "two", "y\n")
    note_of(project, first, "not a note")
    note_of(project, second, git_ai_note("c.txt", "1", "codex", "x" * 10_000))
    monkeypatch.setattr(objects, "ALL_BYTES", 5_000)
    gathered = gather(project, range=f"{first}~..HEAD")
    assert gathered.evidence == ()
    assert any("could not be understood" in notice for notice in gathered.notices)
    assert any("too large" in notice for notice in gathered.notices)


def test_more_commits_than_are_looked_at(project):
    base = project.rev("HEAD")
    for number in range(3):
        committed(project, f"{number}\n\n{CLAUDE}", f"{number}\n")
    gathered = gather(project, limit=2, range=f"{base}..HEAD")
    assert len(gathered.evidence) == len(gathered.changed_lines) == 2
    assert "only the newest 2 commits" in gathered.notices[0]


def test_no_time_is_a_notice_and_no_error(project):
    gathered = gather(project, seconds=-1, commit="HEAD")
    assert gathered.evidence == ()
    assert any("the time was up" in notice for notice in gathered.notices)


def test_branches_by_name(project):
    project.branch("claude/fix")
    commit = committed(project, "one")
    assert told(gather(project, commit=commit).evidence) == [("claude-code", "anthropic", "")]
    assert told(gather(project, base="main").evidence) == [("claude-code", "anthropic", "")]
    project.write("c.txt", "changed\n")
    assert told(gather(project).evidence) == [("claude-code", "anthropic", "")]


def test_a_remote_branch(project, tmp_path):
    project.branch("codex/fix")
    committed(project, "one")
    project.checkout("main")
    clone = project.clone(tmp_path / "clone")
    evidence = gather(clone, commit="origin/codex/fix").evidence
    assert [one.pointer for one in evidence] == ["branch codex/fix"]


def test_checkpoints_on_their_branch_and_by_reference(project):
    main = committed(project, "one\n\nEntire-Checkpoint: aabbccddeeff\n")
    transcript = json.dumps({"type": "assistant", "message": {"model": "claude-opus-5"}})
    metadata = json.dumps({"agent": "Claude Code", "files_touched": ["c.txt"]})
    root = json.dumps({"sessions": [{}]})
    for ref, folder in (
        ("refs/heads/entire/checkpoints/v1", "aa/bbccddeeff/"),
        ("refs/entire/checkpoints/aa/aabbccddeeff", ""),
    ):
        files = (
            ("metadata.json", root),
            ("0/metadata.json", metadata),
            ("0/full.jsonl", transcript),
        )
        stream = f"commit {ref}\ncommitter A <a@b> 1700000000 +0000\ndata 0\n" + "".join(
            f"M 100644 inline {folder}{name}\ndata {len(text)}\n{text}\n" for name, text in files
        )
        project.git("fast-import", "--quiet", input=stream.encode())
        gathered = gather(project, commit="HEAD")
        (trace,) = gathered.evidence
        assert told([trace]) == [("claude-code", "anthropic", "claude-opus-5")]
        assert (trace.kind, trace.commit) == (EvidenceKind.CHECKPOINT, main)
        assert trace.lines == (WrittenLines("c.txt"),)
        assert gathered.notices == ()
        project.git("update-ref", "-d", ref)
    gathered = gather(project, commit="HEAD")
    assert gathered.evidence == ()
    assert "1 Entire checkpoint" in gathered.notices[0]


def test_working_logs_and_live_sessions_tell_of_what_is_not_committed(project):
    head = project.rev("HEAD")
    session = hashlib.sha256(b"cursor:7").hexdigest()[:14]
    line = {"start_line": 1, "end_line": 2, "author_id": f"s_{session}::t_1"}
    checkpoint = {
        "kind": "AiAgent",
        "agent_id": {"tool": "cursor", "id": "7", "model": "gpt-5"},
        "entries": [{"file": "a.txt", "line_attributions": [line]}],
    }
    initial = {
        "files": {"b.txt": [{"start_line": 1, "end_line": 1, "author_id": "1234567"}]},
        "prompts": {"1234567": {"agent_id": {"tool": "claude", "id": "1", "model": "opus-5"}}},
    }
    log = f".git/ai/working_logs/{head}"
    project.write(f"{log}/checkpoints.jsonl", f"{{torn\n{json.dumps(checkpoint)}\n")
    project.write(f"{log}/INITIAL", json.dumps(initial))
    live = {"base_commit": head, "agent_type": "Gemini CLI", "files_touched": ["a.txt"]}
    project.write(".git/entire-sessions/1.json", json.dumps(live))
    project.write(".git/entire-sessions/2.json", json.dumps(live | {"base_commit": "other"}))
    project.write("a.txt", "1\n2\n")
    evidence = gather(project).evidence
    assert told(evidence) == [
        ("claude-code", "anthropic", "opus-5"),
        ("cursor", "openai", "gpt-5"),
        ("gemini-cli", "google", ""),
    ]
    assert [one.lines for one in evidence] == [
        (WrittenLines("b.txt", ((1, 1),)),),
        (WrittenLines("a.txt", ((1, 2),)),),
        (WrittenLines("a.txt"),),
    ]
    assert all(one.commit == "" for one in evidence)
    assert gather(project, commit="HEAD").evidence == ()


def test_links_and_pipes_in_the_git_folder_are_not_followed(project, tmp_path):
    head = project.rev("HEAD")
    live = {"base_commit": head, "agent_type": "Gemini CLI", "files_touched": ["a.txt"]}
    outside = tmp_path / "outside.json"
    outside.write_text(json.dumps(live))
    sessions = project.path(".git/entire-sessions")
    sessions.mkdir()
    (sessions / "1.json").symlink_to(outside)
    os.mkfifo(sessions / "2.json")
    project.write("a.txt", "changed\n")
    assert gather(project).evidence == ()
    assert gather(project).notices == ()


def test_traces_in_the_worktree(project):
    head = project.rev("HEAD")
    record = {
        "version": "1.0",
        "vcs": {"revision": head},
        "tool": {"name": "cursor"},
        "files": [{"path": "a.txt", "conversations": [{
            "contributor": {"type": "ai", "model_id": "openai/gpt-5"},
            "ranges": [{"start_line": 1, "end_line": 1}],
        }]}],
    }  # fmt: skip
    project.write(".agent-trace/traces.jsonl", json.dumps(record) + "\n")
    (trace,) = gather(project).evidence
    assert (trace.vendor, trace.commit) == ("openai", "")
    child = project.commit("next")
    (trace,) = gather(project, commit="HEAD").evidence
    assert (trace.vendor, trace.commit) == ("openai", child)


def test_nothing_the_repository_configures_runs(project, tmp_path):
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)
    project.write(".gitattributes", "* diff=evil\n")
    commit = committed(project, f"one\n\n{CLAUDE}")
    for key in ("diff.external", "core.pager", "pager.log", "core.fsmonitor", "gpg.program"):
        project.git("config", key, str(program))
    project.git("config", "diff.evil.textconv", str(program))
    project.git("config", "diff.evil.command", str(program))
    project.git("config", "log.showSignature", "true")
    ran.unlink(missing_ok=True)
    gathered = gather(project, commit=commit)
    assert told(gathered.evidence) == [ANTHROPIC]
    assert gathered.changed_lines[commit]["c.txt"] == 1
    assert not ran.exists()


@pytest.mark.parametrize("options", [{"staged": True}, {}, {"commit": "HEAD"}])
def test_the_first_commit_and_none(tmp_path, options):
    empty = Builder(tmp_path / "empty")
    empty.write("a.txt", "a\n")
    if options == {"commit": "HEAD"}:
        empty.commit(f"first\n\n{CLAUDE}")
        assert told(gather(empty, **options).evidence) == [ANTHROPIC]
    else:
        empty.add()
        assert gather(empty, **options).evidence == ()


def test_a_repository_of_sha256(tmp_path):
    project = Builder(tmp_path / "sha256", init=("--object-format=sha256",))
    commit = committed(project, f"first\n\n{CLAUDE}")
    note_of(project, commit, git_ai_note("c.txt", "1", "codex", "gpt-5.5"))
    gathered = gather(project, commit="HEAD")
    assert {one.vendor for one in gathered.evidence} == {"anthropic", "openai"}
    assert gathered.changed_lines == {commit: {"c.txt": 1}}
