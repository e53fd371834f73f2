"""What holds for every agent's transcripts."""

import os
import shutil
from datetime import UTC, datetime

import pytest

from tests.repo.attribution.sessions.homes import PATH, VENDORS, Home, matched
from xreview.domain.authorship.author import EvidenceKind
from xreview.domain.report import Confidence
from xreview.repo.attribution.sessions.tool import session_tools

EVERY = [tool.name for tool in session_tools()]


def test_each_tool_has_a_transcript_here():
    assert sorted(EVERY) == sorted(VENDORS)


@pytest.mark.parametrize("tool", EVERY)
def test_says_who_wrote_it(place, tool):
    path = place.put(tool)
    found = place.search()
    assert found.notices == ()
    assert [one.kind for one in found.evidence] == [EvidenceKind.SESSION]
    (one,) = found.evidence
    assert (one.tool, one.vendor, one.model) == (tool, *VENDORS[tool])
    assert one.confidence is Confidence.HIGH
    assert [(line.path, line.ranges) for line in one.lines] == [(PATH, ((1, 10),))]
    assert one.pointer == str(path).replace(str(place.home), "~")
    if tool != "aider":  # writes local time
        assert one.at.startswith("2026-03-04T05:06:0")
        assert one.at.endswith("+00:00")


@pytest.mark.parametrize("tool", EVERY)
def test_a_session_elsewhere_is_none(tmp_path, tool):
    there, here = Home(tmp_path / "there"), Home(tmp_path / "here")
    there.put(tool)
    assert there.search().evidence
    found = here.search(environ=there.environ)
    assert found.evidence == ()


@pytest.mark.parametrize("tool", EVERY)
def test_a_session_of_a_folder_named_alike_is_none(tmp_path, tool):
    there = Home(tmp_path, tmp_path / "work" / "my.shop-2")
    there.put(tool)
    assert Home(tmp_path).search().evidence == ()


@pytest.mark.parametrize("tool", EVERY)
def test_a_session_before_that_is_not_read(place, tool):
    path = place.put(tool)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert place.search(since=datetime(2024, 1, 1, tzinfo=UTC)).evidence == ()
    assert place.search(since=datetime(2023, 1, 1, tzinfo=UTC)).evidence


@pytest.mark.parametrize("tool", EVERY)
def test_a_session_that_wrote_something_else_is_none(place, tool):
    place.put(tool)
    assert place.search({PATH: {1: "nobody_wrote = this_line"}}).evidence == ()
    assert place.search({"shop/other.py": {1: "def cheapest(items):"}}).evidence == ()


@pytest.mark.parametrize("tool", EVERY)
def test_no_link_is_followed(place, tmp_path, tool):
    path = place.put(tool)
    moved = tmp_path / "moved"
    path.rename(moved)
    path.symlink_to(moved)
    found = place.search()
    assert (found.evidence, found.notices) == ((), ())


@pytest.mark.parametrize("tool", EVERY)
def test_no_linked_folder_is_followed(place, tmp_path, tool):
    path = place.put(tool)
    folder = path.parent
    if tool in ("aider", "amp", "opencode"):
        pytest.skip("lies in the tool's own folder, which may be a link")
    shutil.move(folder, tmp_path / "moved")
    folder.symlink_to(tmp_path / "moved")
    assert place.search().evidence == ()


@pytest.mark.parametrize("tool", EVERY)
def test_a_pipe_or_a_folder_is_passed_over(place, tool):
    path = place.put(tool)
    path.unlink()
    os.mkfifo(path)
    assert place.search().evidence == ()
    path.unlink()
    path.mkdir()
    assert place.search().evidence == ()


@pytest.mark.parametrize("tool", EVERY)
@pytest.mark.parametrize("size", range(0, 100, 7))
def test_torn_files_are_read_as_far_as_they_go(place, tool, size):
    path = place.put(tool)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * size // 100])
    for one in place.search().evidence:
        assert one.tool == tool


@pytest.mark.parametrize("tool", EVERY)
def test_a_folder_of_the_worktree_is_part_of_it(tmp_path, tool):
    """The agent was started in the worktree's `src`, the change is of the worktree."""
    if tool in ("aider", "crush", "cursor", "gemini-cli"):
        pytest.skip("can't be found from the top, or lies there anyway")
    inner = Home(tmp_path, tmp_path / "work" / "my.shop" / "src")
    inner.put(tool)
    (one,) = Home(tmp_path).search({f"src/{PATH}": {1: "def cheapest(items):"}}).evidence
    assert one.tool == tool


VARIABLES = {
    "claude-code": ("CLAUDE_CONFIG_DIR", ".claude"),
    "codex": ("CODEX_HOME", ".codex"),
    "gemini-cli": ("GEMINI_CLI_HOME", ""),
    "copilot-cli": ("COPILOT_HOME", ".copilot"),
    "opencode": ("XDG_DATA_HOME", ".local/share"),
    "aider": ("AIDER_CHAT_HISTORY_FILE", ".aider.chat.history.md"),
    "amp": ("XDG_DATA_HOME", ".local/share"),
    "droid": ("FACTORY_DIR", ".factory"),
}


@pytest.mark.parametrize("tool", VARIABLES)
def test_the_environment_says_where(tmp_path, tool):
    place = Home(tmp_path)
    variable, folder = VARIABLES[tool]
    old = place.place(tool) if tool == "aider" else place.home / folder
    place.put(tool)
    new = tmp_path / "named"
    old.rename(new)
    place.home.mkdir(exist_ok=True)
    assert place.search().evidence == ()
    assert matched(place.search(environ=place.environ | {variable: str(new)})) == {tool: [(1, 10)]}
