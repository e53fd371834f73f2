"""What differs from agent to agent."""

import hashlib
import json
import sqlite3
import time
from contextlib import closing

import pytest

from tests.repo.attribution.sessions.homes import LINES, PATH, matched
from xreview.repo.attribution.sessions.database import opened_database
from xreview.repo.attribution.sessions.tool import transcript_moment
from xreview.repo.attribution.sessions.transcript import SearchBounds, find_transcripts


def rows_of(*records) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def put(place, tool, *records):
    path = place.place(tool)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rows_of(*records))


def claude(name: str, model="claude-opus-5", cwd="", **given) -> dict[str, object]:
    part = {"type": "tool_use", "name": name, "input": given}
    return {
        "type": "assistant",
        "cwd": cwd,
        "message": {"model": model, "content": [part]},
    }


def test_claude_two_models_in_one_session(place):
    text = "\n".join(LINES[number] for number in (1, 2, 3))
    put(
        place,
        "claude-code",
        claude("Write", file_path=str(place.worktree / PATH), content="\n".join(LINES.values())),
        claude("Edit", "claude-haiku-5", file_path=str(place.worktree / PATH), new_string=text),
    )
    found = place.search().evidence
    assert {one.model: one.lines[0].ranges for one in found} == {
        "claude-haiku-5": ((1, 4),),
        "claude-opus-5": ((5, 10),),
    }


def test_claude_subagents_are_read(place):
    path = place.place("claude-code")
    place.put("claude-code", path.parent / "s1" / "subagents" / "agent-a.jsonl")
    assert matched(place.search()) == {"claude-code": [(1, 10)]}


def test_claude_paths_relative_to_where_it_is(place):
    put(
        place,
        "claude-code",
        claude(
            "Write",
            cwd=str(place.worktree / "shop"),
            file_path="basket.py",
            content="\n".join(LINES.values()),
        ),
    )
    assert matched(place.search()) == {"claude-code": [(1, 10)]}


def test_claude_here_documents(place):
    command = f"mkdir -p shop && cat > {place.worktree}/{PATH} <<'EOF'\n"
    command += "\n".join(LINES.values()) + "\nEOF\npython shop/basket.py"
    put(place, "claude-code", claude("Bash", command=command))
    assert matched(place.search()) == {"claude-code": [(1, 10)]}


def test_claude_reading_is_no_evidence(place):
    path = str(place.worktree / PATH)
    result = {"type": "user", "toolUseResult": {"file": {"filePath": path, "content": "Write"}}}
    put(place, "claude-code", claude("Read", file_path=path), result)
    assert place.search().evidence == ()


def test_claude_lines_that_an_edit_kept_are_not_its_own(place):
    kept = "\n".join(LINES.values())
    put(
        place,
        "claude-code",
        claude(
            "Edit",
            file_path=str(place.worktree / PATH),
            old_string=kept,
            new_string=kept + "\nextra_line_of_it()",
        ),
    )
    assert place.search().evidence == ()


def test_a_model_behind_another_vendors_tool(place):
    put(
        place,
        "claude-code",
        claude(
            "Write",
            "kimi-k3",
            file_path=str(place.worktree / PATH),
            content="\n".join(LINES.values()),
        ),
    )
    (one,) = place.search().evidence
    assert (one.tool, one.vendor) == ("claude-code", "moonshot")


def test_no_model_is_no_vendor(place):
    put(
        place,
        "claude-code",
        claude(
            "Write",
            "<synthetic>",
            file_path=str(place.worktree / PATH),
            content="\n".join(LINES.values()),
        ),
    )
    (one,) = place.search().evidence
    assert (one.tool, one.vendor, one.model) == ("claude-code", "", "")


def codex(place, *payloads) -> None:
    head = {"type": "turn_context", "payload": {"cwd": str(place.worktree), "model": "gpt-5.2"}}
    put(place, "codex", head, *payloads)


def test_codex_file_changes(place):
    change = {
        "type": "update",
        "unified_diff": "@@ -1 +1,10 @@\n-x\n" + "".join(f"+{row}\n" for row in LINES.values()),
    }
    item = {"type": "FileChange", "changes": {str(place.worktree / PATH): change}}
    codex(place, {"type": "event_msg", "payload": {"type": "item_completed", "item": item}})
    assert matched(place.search()) == {"codex": [(1, 10)]}


def test_codex_patches_as_a_list_of_arguments_and_moved(place):
    patch = "*** Begin Patch\n*** Update File: shop/old.py\n*** Move to: shop/basket.py\n@@\n"
    patch += "".join(f"+{row}\n" for row in LINES.values()) + "*** End Patch"
    arguments = json.dumps({"command": ["apply_patch", patch]})
    call = {"type": "function_call", "name": "shell", "arguments": arguments}
    codex(place, {"type": "response_item", "payload": call})
    assert matched(place.search()) == {"codex": [(1, 10)]}


def test_codex_patches_that_it_only_saw_are_none(place):
    patch = "*** Begin Patch\n*** Add File: shop/basket.py\n"
    patch += "".join(f"+{row}\n" for row in LINES.values())
    seen = {"type": "function_call_output", "output": patch}
    codex(place, {"type": "response_item", "payload": seen})
    assert place.search().evidence == ()


def test_codex_archived_sessions(place):
    place.put("codex", place.home / ".codex" / "archived_sessions" / "rollout-1.jsonl")
    assert matched(place.search()) == {"codex": [(1, 10)]}


def test_gemini_whole_documents_and_short_names(place):
    messages = [json.loads(row) for row in place.text("gemini-cli.jsonl").splitlines()]
    path = place.home / ".gemini" / "tmp" / "shop" / "chats" / "session-1.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"messages": messages}, indent=1))
    assert place.search().evidence == ()
    index = place.home / ".gemini" / "projects.json"
    index.write_text(json.dumps({"projects": {str(place.worktree): "shop", "/else": "other"}}))
    assert matched(place.search()) == {"gemini-cli": [(1, 10)]}


def test_gemini_names_of_projects_lead_nowhere(place):
    path = place.put("gemini-cli", place.home / "away" / "chats" / "session-1.jsonl")
    index = place.home / ".gemini" / "projects.json"
    (place.home / ".gemini" / "tmp").mkdir(parents=True)
    index.write_text(json.dumps({"projects": {str(place.worktree): "../../away"}}))
    assert path.exists()
    assert place.search().evidence == ()


def test_copilot_uses_the_model_of_its_start(place):
    start = {"context": {"cwd": str(place.worktree)}, "selectedModel": "claude-sonnet-5"}
    call = {"toolName": "create", "arguments": {"path": PATH, "file_text": LINES[10]}}
    put(
        place,
        "copilot-cli",
        {"type": "session.start", "data": start},
        {"type": "tool.execution_start", "data": call},
    )
    (one,) = place.search().evidence
    assert (one.vendor, one.model) == ("anthropic", "claude-sonnet-5")


@pytest.mark.parametrize(
    "text",
    [
        "shop/basket.py\n```python\n{lines}\n```\n",
        "**shop/basket.py**\n\n````\n{lines}\n````\n",
        "```diff\n--- shop/basket.py\n+++ shop/basket.py\n@@ ... @@\n kept\n{plus}\n```\n",
        "shop/basket.py\n<<<<<<< SEARCH\nold\n=======\n{lines}\n>>>>>>> REPLACE\n",
    ],
)
def test_aider_formats(place, text):
    lines = "\n".join(LINES.values())
    plus = "\n".join(f"+{row}" for row in LINES.values())
    body = text.format(lines=lines, plus=plus)
    place.place("aider").write_text(f"# aider chat started at x\n> Model: o3 with x\n\n{body}")
    (one,) = place.search().evidence
    assert (one.lines[0].ranges, one.vendor) == (((1, 10),), "openai")


def test_aider_what_the_user_pastes_is_no_edit(place):
    lines = "\n".join(f"#### {row}  " for row in ["```", *LINES.values(), "```"])
    place.place("aider").write_text(f"# aider chat started at x\n\nshop/basket.py\n{lines}\n")
    assert place.search().evidence == ()


@pytest.mark.parametrize("tool", ["opencode", "crush", "cursor"])
def test_a_log_in_use_is_read_and_left_as_it_is(place, tool):
    path = place.put(tool)
    content = path.read_bytes()
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.executescript(place.text(f"{tool}.sql"))
        log = path.with_name(f"{path.name}-wal")
        assert content
        assert log.stat().st_size
        before = path.read_bytes(), log.read_bytes(), sorted(path.parent.iterdir())
        assert matched(place.search()) == {tool: [(1, 10)]}
        assert (path.read_bytes(), log.read_bytes(), sorted(path.parent.iterdir())) == before
        connection.execute("CREATE TABLE still_writable (x)")


def test_a_log_without_its_index_makes_no_file(place):
    path = place.put("opencode")
    path.with_name("opencode.db-wal").write_bytes(b"torn")
    before = sorted(path.parent.iterdir())
    assert matched(place.search()) == {"opencode": [(1, 10)]}
    assert sorted(path.parent.iterdir()) == before


def test_a_view_in_place_of_a_table_is_not_asked(place):
    path = place.place("crush")
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE VIEW messages AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) "
            "SELECT x AS id, '' AS parts, '' AS model, 0 AS created_at FROM n;"
            "CREATE TABLE other (x);"
        )
    found = place.search()
    assert found.notices == ("1 session of crush not read: unknown format.",)


def test_a_query_ends_when_the_time_is_up(place):
    path = place.put("crush")
    reading = SearchBounds(time.monotonic() + 0.05)
    (transcript,) = find_transcripts("crush", path.parent, (path.name,), reading)
    with opened_database(transcript, ("messages",), reading) as database:
        assert database is not None
        endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT max(x) FROM n"
        assert list(database.rows(endless)) == []
    assert reading.is_over


def test_a_path_needs_the_folder_it_is_relative_to(place):
    rows = place.text("codex.jsonl").splitlines(keepends=True)
    path = place.put("codex")
    path.write_text("".join(row for row in rows if '"cwd"' not in row))
    assert place.search().evidence == ()


def test_cursor_finds_its_folder_by_the_path(place):
    digest = hashlib.md5(str(place.worktree).encode()).hexdigest()
    assert digest in str(place.put("cursor"))
    assert matched(place.search()) == {"cursor": [(1, 10)]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-04T05:06:07.891Z", "2026-03-04T05:06:07+00:00"),
        ("2026-03-04T05:06:07+02:00", "2026-03-04T03:06:07+00:00"),
        (1772600767, "2026-03-04T05:06:07+00:00"),
        (1772600767891, "2026-03-04T05:06:07+00:00"),
        (1e300, ""),
        (float("nan"), ""),
        (True, ""),
        ("soon", ""),
        (None, ""),
        ("9999-12-31T23:59:59-23:59", ""),
    ],
)
def test_moments(value, expected):
    assert transcript_moment(value) == expected
