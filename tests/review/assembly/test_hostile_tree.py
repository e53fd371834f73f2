"""A commit whose tree was written by hand, reviewed with an agent that reads a copy of it."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from tests.repo.files.trees import FILE, FOLDER, LINK, commit_of
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.ports.provider import ReviewerSettings
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.files.tree import RepositoryTree
from xreview.review.assembly.headless import review_once
from xreview.review.assembly.run_options import RunOptions
from xreview.review.tools.copying import copy_readable

CODE = b"print(eval(input()))\n"
KEPT = "the user's own\n"


@pytest.fixture
def user(tmp_path, monkeypatch):
    """What belongs to the user: a file outside, a file in the home, and a link's target."""
    isolate(monkeypatch, tmp_path / "home")
    user = tmp_path / "user"
    user.mkdir()
    for name in ("canary.py", "up.py", "x.py"):
        (user / name).write_text(KEPT)
    return user


@pytest.fixture
def hostile(tmp_path, user) -> tuple[Builder, str]:
    repository = Builder(tmp_path / "project")
    repository.write("old.py", "print(1)\n")
    repository.commit("first")
    inner = [(FILE, "x.py", CODE)]
    commit = commit_of(
        repository,
        [
            (FILE, "../up.py", CODE),
            (FOLDER, "..", inner),
            (FOLDER, ".", inner),
            (FOLDER, ".git", inner),
            (FOLDER, ".GIT ", inner),
            (FOLDER, "git~1", inner),
            (FILE, f"{user}/canary.py", CODE),
            (FILE, "a/../../x.py", CODE),
            (LINK, "link", bytes(user)),
            (FOLDER, "link", inner),
            (FILE, "folder", CODE),
            (FOLDER, "folder", inner),
            (FILE, "twice.py", CODE),
            (FILE, "twice.py", b"other\n"),
            (FILE, "good.py", CODE),
            (FOLDER, "sub", inner),
        ],
    )
    return repository, commit


def untouched(user: Path) -> bool:
    return sorted((path.name, path.read_text()) for path in user.iterdir()) == [
        ("canary.py", KEPT),
        ("up.py", KEPT),
        ("x.py", KEPT),
    ]


REFUSED = {
    "../up.py": "leads out",
    "../x.py": "leads out",
    "./x.py": "“.”",
    ".git/x.py": "“.git”",
    ".GIT /x.py": "“.git”",
    "git~1/x.py": "“.git”",
    "a/../../x.py": "leads out",
    "link": "another entry",
    "link/x.py": "another entry",
    "folder": "another entry",
    "folder/x.py": "another entry",
    "twice.py": "another entry",
}


async def test_the_copy_has_what_is_inside_and_nothing_else_is_written(hostile, user, tmp_path):
    repository, commit = hostile
    collected = collect(ChangeRequest(repository.top, commit=commit))
    collected.close()
    tree = RepositoryTree(collected.source, collected.repository)
    copy = tmp_path / "scratch" / "copy"
    copy.mkdir(parents=True)

    await copy_readable(tree, lambda path: False, copy)

    copied = sorted(str(p.relative_to(copy.parent)) for p in copy.parent.rglob("*") if p.is_file())
    assert copied == ["copy/good.py", "copy/sub/x.py"]
    assert tree.files == ("good.py", "sub/x.py")
    assert untouched(user)
    named = {**REFUSED, f"{user}/canary.py": "absolute"}
    assert set(tree.refused) == set(named)
    assert all(why in tree.refused[path] for path, why in named.items())


AGENT = """#!{python}
import json, os, sys
from pathlib import Path

if "--version" in sys.argv:
    print("0.61.0")
    sys.exit(0)
sys.stdin.read()
seen = sorted(str(path.relative_to(".")) for path in Path(".").rglob("*") if path.is_file())
Path("{seen}").write_text(json.dumps(seen))
print(json.dumps({{"type": "error", "severity": "error", "message": "over"}}))
sys.exit(1)
"""


async def test_such_a_commit_is_reviewed_without_what_is_outside(hostile, user, tmp_path):
    repository, commit = hostile
    program, seen = tmp_path / "programs" / "gemini", tmp_path / "seen.json"
    program.parent.mkdir()
    program.write_text(AGENT.format(python=sys.executable, seen=seen))
    program.chmod(0o755)
    data = tmp_path / "data"
    given = RunOptions(
        Settings(
            reviewers={"gemini": ReviewerSettings("gemini", "gemini-cli", command=str(program))},
            review_with=("risk", "economy", "gemini"),
        ),
        Folders(data / "config", data, data / "cache", data / "state"),
        {"HOME": os.environ["HOME"], "PATH": os.environ["PATH"], "GEMINI_API_KEY": "AIza-x"},
        said=AuthorAnswer("openai"),
        allows_egress=True,
    )

    reviewed = await review_once(ChangeRequest(repository.top, commit=commit), given)

    assert untouched(user)
    assert json.loads(seen.read_text()) == ["good.py", "sub/x.py"]
    snapshot = reviewed.snapshot
    assert "good.py" in {finding.anchor.path for finding in snapshot.findings}
    assert not {finding.anchor.path for finding in snapshot.findings} & set(REFUSED)
    gaps = {(entry.reviewer, entry.path): entry.why for entry in snapshot.coverage if entry.is_gap}
    for path, why in REFUSED.items():
        assert why in gaps["risk", path]
        assert why in gaps["gemini/risk", path]
    assert not snapshot.is_complete
    said = " ".join(snapshot.notices)
    assert "“../up.py”: it leads out of its folder" in said
    assert f"“{user}/canary.py”: it is an absolute path" in said


async def test_a_patch_with_such_names_is_read_without_them(tmp_path, user, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = []
    for path in ("../user/up.py", "good.py", ".git/hooks/x.py"):
        rows += [f"diff --git a/{path} b/{path}", "new file mode 100644", "--- /dev/null"]
        rows += [f"+++ b/{path}", "@@ -0,0 +1 @@", f"+{CODE.decode().rstrip()}"]
    (tmp_path / "x.patch").write_text("\n".join(rows) + "\n")
    data = tmp_path / "data"
    folders = Folders(data / "config", data, data / "cache", data / "state")

    reviewed = await review_once(
        ChangeRequest(tmp_path, patch="x.patch"), RunOptions(Settings(), folders, {})
    )

    assert untouched(user)
    snapshot = reviewed.snapshot
    assert {entry.path for entry in snapshot.coverage if entry.is_gap} == {
        "../user/up.py",
        ".git/hooks/x.py",
    }
    assert {finding.anchor.path for finding in snapshot.findings} == {"good.py"}
