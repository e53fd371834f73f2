import ast
import subprocess

import pytest

from xreview.demo.repository import make_repository
from xreview.demo.sample import BASE, SampleCommit, sample_commits
from xreview.domain.errors import ChangeError


def files() -> dict[str, str]:
    """The sample as its last commit has it."""
    return {path: text for commit in sample_commits() for path, text in commit.files.items()}


def git(folder, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_sample_is_python_of_a_believable_size():
    sources = {path: text for path, text in files().items() if path.endswith(".py")}
    for text in sources.values():
        assert ast.parse(text)
    assert 6 <= len(sources) <= 11
    assert 300 <= sum(text.count("\n") for text in files().values()) <= 530


def test_the_repository_holds_the_history_and_is_clean(tmp_path):
    make_repository(tmp_path / "made", sample_commits())
    made = tmp_path / "made"
    assert git(made, "status", "--porcelain") == ""
    messages = git(made, "log", "--reverse", "--format=%s").splitlines()
    assert messages == [commit.message.split("\n")[0] for commit in sample_commits()]
    assert git(made, "rev-list", "--count", BASE) == "1"
    assert {path: (made / path).read_text("utf-8") for path in files()} == files()
    assert git(made, "fsck", "--strict") == ""


def test_it_is_the_same_each_time_whatever_the_user_configured(tmp_path, monkeypatch):
    make_repository(tmp_path / "one", sample_commits())
    (tmp_path / "config").write_text("[init]\n\tdefaultBranch = x\n[commit]\n\tgpgSign = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody")
    make_repository(tmp_path / "other", sample_commits())
    monkeypatch.delenv("GIT_DIR")
    heads = {git(tmp_path / name, "rev-parse", "HEAD") for name in ("one", "other")}
    assert len(heads) == 1
    assert not (tmp_path / "elsewhere").exists()


def test_what_git_refuses_is_said(tmp_path):
    with pytest.raises(ChangeError, match="can't be made"):
        make_repository(tmp_path / "made", [SampleCommit(BASE, "no address", "x\n", {})])
