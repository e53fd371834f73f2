"""Links out of a tree are away while an agent runs in it, and an obeyed file stops it."""

import os
from pathlib import Path

import pytest

from xreview.agents.base.agent import WritableFolder, agent_named
from xreview.agents.running.harmless import HarmlessTree
from xreview.ports.failure import Failure, ModelError

CLAUDE, OPENCODE = agent_named("claude-code"), agent_named("opencode")


@pytest.fixture
def writable(tmp_path) -> WritableFolder:
    top, work = tmp_path / "project", tmp_path / "tree"
    (top / "node_modules").mkdir(parents=True)
    (work / "src").mkdir(parents=True)
    (work / "src" / "x.py").write_text("x = 1\n")
    (work / ".git").mkdir()
    (work / ".git" / "CLAUDE.md").write_text("not looked at")
    return WritableFolder(top, work, links=("node_modules",))


def links(work: Path) -> dict[str, str]:
    return {
        str(path.relative_to(work)): str(path.readlink())
        for path in work.rglob("*")
        if path.is_symlink()
    }


def test_links_that_lead_out_are_away_and_come_back(writable):
    work = writable.work
    made = {
        "out": "../project",
        "src/file": "/etc/passwd",
        "broken": "../nowhere",
        "in": "src/x.py",
        "src/chain": "../out",
        "node_modules": str(writable.top / "node_modules"),
    }
    for name, target in made.items():
        (work / name).symlink_to(target)
    tree = HarmlessTree(writable)
    tree.prepare(OPENCODE)
    assert set(links(work)) == {"in", "node_modules"}
    tree.restore()
    assert links(work) == made


def test_what_the_agent_made_instead_stays(writable):
    work = writable.work
    for name in ("a", "b", "src/c"):
        (work / name).symlink_to("/etc/passwd")
    tree = HarmlessTree(writable)
    tree.prepare(CLAUDE)
    (work / "a").write_text("of the agent")
    (work / "src" / "x.py").unlink()
    (work / "src").rmdir()
    (work / "src").symlink_to(writable.top)
    tree.restore()
    assert (work / "a").read_text() == "of the agent"
    assert (work / "b").is_symlink()
    assert not (writable.top / "c").is_symlink(), "written through a link"


@pytest.mark.parametrize("path", ["AGENTS.md", "src/.env", ".opencode/plugin/x.js", "Claude.MD"])
def test_an_agent_that_would_obey_a_file_is_not_started(writable, path):
    (writable.work / path).parent.mkdir(parents=True, exist_ok=True)
    (writable.work / path).write_text("obey")
    (writable.work / "out").symlink_to("/etc")
    with pytest.raises(ModelError, match=r"opencode would obey .* in this folder") as caught:
        HarmlessTree(writable).prepare(OPENCODE)
    assert caught.value.failure is Failure.REQUEST
    assert (writable.work / "out").is_symlink()
    HarmlessTree(writable).prepare(CLAUDE)


def test_a_tree_of_no_such_files(writable):
    HarmlessTree(writable).prepare(OPENCODE)
    assert (writable.work / ".git").is_dir()


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator reads all folders")
def test_a_folder_that_cant_be_read(writable):
    (writable.work / "src").chmod(0)
    with pytest.raises(ModelError, match=r"Can't look through .* \(Permission denied\)"):
        HarmlessTree(writable).prepare(CLAUDE)
    (writable.work / "src").chmod(0o700)


def test_a_tree_that_is_gone(writable):
    gone = WritableFolder(writable.top, writable.work / "gone")
    with pytest.raises(ModelError, match="No such file"):
        HarmlessTree(gone).prepare(CLAUDE)
