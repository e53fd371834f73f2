import json
import os
import time
from pathlib import Path

from tests.repo.attribution.sessions.homes import LINES, LONG_AGO, PATH, matched
from tests.repo.builder import Builder
from tests.repo.reading import change_of
from xreview.repo.attribution.sessions.scoring import added_lines_by_file
from xreview.repo.attribution.sessions.search import session_evidence

SECRET = "hunter2_is_the_password"


def test_nothing_is_read_for_a_change_that_adds_nothing(place):
    place.put("claude-code").chmod(0)
    assert place.search({}).notices == ()
    assert place.search({PATH: {1: "", 2: "}"}}).notices == ()


def test_no_home_is_no_session(place):
    assert place.search(environ={"PATH": "/bin"}).evidence == ()


def test_the_newest_session_that_wrote_a_line_has_it(place):
    old, new = place.put("codex"), place.put("gemini-cli")
    os.utime(old, (1_800_000_000, 1_800_000_000))
    os.utime(new, (1_800_000_100, 1_800_000_100))
    assert matched(place.search()) == {"gemini-cli": [(1, 10)]}
    os.utime(old, (1_800_000_200, 1_800_000_200))
    assert matched(place.search()) == {"codex": [(1, 10)]}


def test_two_sessions_share_a_change(place):
    codex = place.put("codex")
    codex.write_text("".join(codex.read_text().splitlines(keepends=True)[:5]))  # its first patch
    os.utime(codex, (1_900_000_000, 1_900_000_000))
    os.utime(place.put("gemini-cli"), (1_800_000_000, 1_800_000_000))
    assert matched(place.search()) == {"codex": [(1, 4)], "gemini-cli": [(5, 10)]}


def test_a_real_worktree(place, tmp_path):
    repository = Builder(place.worktree)
    repository.write(PATH, "def kept():\n    return 1\n\n\n")
    repository.commit("first")
    repository.write(PATH, "def kept():\n    return 1\n\n\n" + "\n".join(LINES.values()) + "\n")
    repository.write("by_hand.py", "nobody = 'knows'\n")
    place.put("claude-code")
    added = added_lines_by_file(change_of(place.worktree).files)
    assert set(added) == {PATH, "by_hand.py"}
    (one,) = place.search(added).evidence
    assert [(line.path, line.ranges) for line in one.lines] == [(PATH, ((5, 14),))]


def test_a_worktree_behind_a_link_of_the_shell(place, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(place.worktree)
    path = place.put("codex")
    path.write_text(path.read_text().replace(str(place.worktree), str(link)))
    assert place.search().evidence == ()
    there = place.environ | {"PWD": str(link)}
    assert matched(place.search(environ=there)) == {"codex": [(1, 10)]}


def test_stops_in_time_and_says_so(place):
    for number in range(3):
        place.put("codex", place.place("codex").with_name(f"rollout-{number}.jsonl"))
    ticks = iter(range(1000))
    found = session_evidence(
        place.worktree, {PATH: LINES}, LONG_AGO, place.environ, 10.0, lambda: next(ticks)
    )
    (notice,) = found.notices
    assert notice.startswith("The search of local agent sessions stopped after ")
    assert notice.endswith(" sessions read.")


def test_nothing_is_read_after_the_deadline(place, monkeypatch):
    place.put("claude-code")
    opened = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda *a, **k: (opened.append(a[0]), real(*a, **k))[1])
    assert place.search(seconds=-1).evidence == ()
    assert not [name for name in opened if str(name).endswith(".jsonl")]


def test_what_can_not_be_read_is_said(place):
    folder = place.put("claude-code").parent
    (folder / "long.jsonl").write_text('{"name":"Write","x":"' + "x" * 3_000_000 + '"}\n')
    amp = place.place("amp")
    amp.parent.mkdir(parents=True)
    amp.write_text('{"tool_use":"' + "x" * 9_000_000 + '"}')
    place.place("opencode").parent.mkdir(parents=True)
    place.place("opencode").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    found = place.search({PATH: LINES | {99: "nobody_wrote = this_line"}})
    assert [one.tool for one in found.evidence] == ["claude-code"]
    assert found.notices == (
        "1 session of amp not read: too large.",
        "1 record of claude-code not read: too long.",
        "1 session of opencode not read: not readable.",
    )


def test_text_of_a_transcript_is_nowhere(place, capsys, caplog):
    path = place.put("claude-code")
    path.write_text(path.read_text().replace("write a basket", SECRET).replace("ZERO", SECRET))
    rows = {number: row.replace("ZERO", SECRET) for number, row in LINES.items()}
    found = place.search({PATH: rows})
    assert found.evidence
    assert SECRET not in repr(found)
    assert SECRET not in caplog.text + "".join(capsys.readouterr())


def test_an_edit_does_not_show_its_text():
    from xreview.repo.attribution.sessions.scoring import SessionEdit

    assert SECRET not in repr(SessionEdit("a.py", "m", "", SECRET, SECRET))


def test_reading_changes_nothing(place):
    for tool in ("claude-code", "opencode", "cursor", "crush", "aider"):
        place.put(tool)
    before = _snapshot(place.home) | _snapshot(place.worktree)
    place.search({PATH: LINES | {99: "nobody_wrote = this_line"}})
    assert _snapshot(place.home) | _snapshot(place.worktree) == before


def test_a_hostile_home(place):
    """Deep nesting, wrong types everywhere, no UTF-8, and names that lead elsewhere."""
    folder = place.put("claude-code").parent
    deep = "[" * 100_000
    wrong = [
        {"type": "assistant", "message": []},
        {"type": "assistant", "message": {"content": {"Write": 1}}},
        {"type": "assistant", "message": {"model": 7, "content": ["SessionEdit", None, {}]}},
        {"type": "assistant", "cwd": 3, "message": {"content": [_write("../../../etc/passwd")]}},
        {"type": "assistant", "cwd": "\0", "message": {"content": [_write("a\0b")]}},
        {"type": "assistant", "timestamp": 1e300, "message": {"content": [_write("\ud800")]}},
        {"toolUseResult": {"structuredPatch": [{"lines": [1, None]}, 3], "filePath": {}}},
    ]
    call = json.dumps(_call(path="x", content=["@"]))
    nested = [call.replace('"@"', "[" * depth + "]" * depth) for depth in range(700, 1000)]
    torn = [f'{{"x":"Write",{deep}', f'"Write"{deep}', "\udcff"]
    rows = [*(json.dumps(row) for row in wrong), *nested, *torn]
    text = "\n".join([*rows, '"Write"' + "9" * 10_000]).encode("utf-8", "surrogateescape")
    (folder / "hostile.jsonl").write_bytes(text + b'\n"Write"\xff\xfe\n')
    os.utime(folder / "hostile.jsonl", (2_000_000_000, 2_000_000_000))
    assert matched(place.search()) == {"claude-code": [(1, 10)]}


def _call(**given: object) -> dict[str, object]:
    part = {"type": "tool_use", "name": "Write", "input": given}
    return {"type": "assistant", "message": {"content": [part]}}


def _write(path: str) -> dict[str, object]:
    return {"type": "tool_use", "name": "Write", "input": {"file_path": path, "content": "x = 1"}}


def _snapshot(top: Path) -> dict[Path, tuple[bytes, float]]:
    return {
        path: (path.read_bytes(), path.stat().st_mtime) for path in top.rglob("*") if path.is_file()
    }


def test_the_search_takes_the_time_from_its_clock(place):
    place.put("codex")
    now = time.monotonic()
    found = session_evidence(
        place.worktree, {PATH: LINES}, LONG_AGO, place.environ, now + 1, lambda: now
    )
    assert matched(found) == {"codex": [(1, 10)]}
