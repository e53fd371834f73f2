"""What git complains about becomes a sentence and a next step, with real gits.

Another git than the machine's is tried where `XREVIEW_OTHER_GIT` names the folder it is in.
"""

import hashlib
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.repo.builder import Builder
from xreview.domain.errors import ChangeError
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.hardened.git_errors import failure

OTHER = os.environ.get("XREVIEW_OTHER_GIT", "")


@pytest.fixture(params=["machine", "other"])
def git(request, monkeypatch) -> tuple[int, ...]:
    """The version of the git that is tried."""
    if request.param == "other":
        if not OTHER:
            pytest.skip("no other git here")
        monkeypatch.setenv("PATH", f"{OTHER}:{os.environ['PATH']}")
    said = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(number) for number in said.split()[2].split(".")[:2])


@pytest.fixture
def project(git, tmp_path) -> Builder:
    builder = Builder(tmp_path / "project")
    builder.write("a.txt", "one\n")
    builder.commit("first")
    builder.write("a.txt", "two\n")
    builder.commit("second")
    builder.write("a.txt", "three\n")
    return builder


def refusal(project: Builder, **options: Any) -> ChangeError:
    def read() -> None:
        collected = collect(ChangeRequest(project.top, **options))
        try:
            list(collected.batches)
        finally:
            collected.close()

    with pytest.raises(ChangeError) as caught:
        read()
    assert caught.value.advice
    return caught.value


def loose(project: Builder, revision: str) -> Path:
    """The file of an object."""
    id = project.rev(revision)
    path = project.top / ".git" / "objects" / id[:2] / id[2:]
    path.chmod(0o644)
    return path


def index(project: Builder, change: Callable[[bytes], bytes]) -> None:
    """Rewrite the index, checksum and all."""
    path = project.top / ".git" / "index"
    content = change(path.read_bytes()[:-20])
    path.write_bytes(content + hashlib.sha1(content).digest())


def upstream(project: Builder) -> None:
    project.git("config", "branch.main.remote", "origin")
    project.git("config", "branch.main.merge", "refs/heads/main")


def config(text: str) -> Callable[[Builder], None]:
    def append(project: Builder) -> None:
        with (project.top / ".git" / "config").open("a") as file:
            file.write(text)

    return append


def formatted(text: str) -> Callable[[Builder], None]:
    return config(f"[core]\n\trepositoryFormatVersion = 1\n{text}")


def lfs(project: Builder) -> None:
    project.write(".gitattributes", "*.txt filter=lfs\n")
    (project.top.parent / "home" / "gitconfig").write_text(
        '[filter "lfs"]\n\tclean = git-lfs clean -- %f\n\tprocess = git-lfs filter-process\n'
        "\trequired = true\n"
    )


def failing_filter(project: Builder) -> None:
    project.write(".gitattributes", "*.txt filter=mine\n")
    (project.top.parent / "home" / "gitconfig").write_text(
        '[filter "mine"]\n\tclean = false\n\trequired = true\n'
    )


def cut_pack(project: Builder) -> None:
    project.git("repack", "-adq")
    (pack,) = (project.top / ".git" / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    pack.write_bytes(b"")


def partial(project: Builder) -> None:
    loose(project, "HEAD~:a.txt").unlink()
    formatted("[extensions]\n\tpartialClone = origin\n")(project)
    config('[remote "origin"]\n\turl = file:///nowhere\n\tpromisor = true\n')(project)


def new_git_folder(text: str) -> Callable[[Builder], None]:
    def replace(project: Builder) -> None:
        shutil.rmtree(project.top / ".git")
        (project.top / ".git").write_text(text)

    return replace


def nothing(project: Builder) -> None:
    pass


def write(path: str, content: str) -> Callable[[Builder], None]:
    return lambda project: (project.top / ".git" / path).write_text(content) and None


LAST_TWO = {"range": "HEAD~..HEAD"}
CASES: dict[str, tuple[Callable[[Builder], object], dict[str, str], str, str]] = {
    "no upstream": (nothing, {"base": "@{u}"}, "main has no upstream", "--base main"),
    "no push target": (nothing, {"base": "@{push}"}, "main has no upstream", "--base main"),
    "no upstream of a range": (nothing, {"range": "@{u}..HEAD"}, "has no upstream", "--base"),
    "no upstream of a commit": (nothing, {"commit": "@{upstream}"}, "has no upstream", "--base"),
    "upstream not fetched": (upstream, {"base": "@{u}"}, "refs/heads/main, isn't", "git fetch"),
    "upstream of a detached HEAD": (
        lambda project: project.git("checkout", "--quiet", "--detach"),
        {"base": "@{u}"},
        "No branch is checked out",
        "--base main",
    ),
    "upstream of no branch": (nothing, {"base": "no@{u}"}, "no branch no", "git branch"),
    "reflog too short": (nothing, {"base": "HEAD@{99}"}, "reflog of HEAD", "git reflog"),
    "no such base": (
        nothing,
        {"base": "nowhere"},
        "no commit in this repository is called",
        "git log",
    ),
    "no such commit": (
        nothing,
        {"commit": "HEAD~99"},
        "no commit in this repository is called",
        "git log",
    ),
    "no such range": (
        nothing,
        {"range": "x...HEAD"},
        "no commit in this repository is called",
        "git log",
    ),
    "git-lfs missing": (lfs, {}, "needs git-lfs", "Install git-lfs"),
    "filter fails": (failing_filter, {}, "filter program “false”", "git config"),
    "index is garbage": (write("index", "garbage"), {}, "index of this", "git reset"),
    "index of another kind": (write("index", "x" * 99), {}, "index of this", "git reset"),
    "index version": (
        lambda project: index(project, lambda raw: raw[:4] + b"\0\0\0\x09" + raw[8:]),
        {},
        "The index has version 9",
        "Update git",
    ),
    "index extension": (
        lambda project: index(project, lambda raw: raw + b"zyxw\0\0\0\4abcd"),
        {},
        "extension (zyxw)",
        "Update git",
    ),
    "index is a folder": (
        lambda project: (
            (project.top / ".git/index").unlink(),
            (project.top / ".git/index").mkdir(),
        ),
        {},
        ".git/index, can't be read",
        "permissions",
    ),
    "object corrupt": (
        lambda project: loose(project, "HEAD~:a.txt").write_bytes(b"garbage"),
        LAST_TWO,
        "is corrupt",
        "git fsck",
    ),
    "object missing": (
        lambda project: loose(project, "HEAD~:a.txt").unlink(),
        LAST_TWO,
        "is missing from this repository",
        "git fsck",
    ),
    "tree missing": (
        lambda project: loose(project, "HEAD~^{tree}").unlink(),
        LAST_TWO,
        "is missing from this repository",
        "git fsck",
    ),
    "commit missing": (
        lambda project: loose(project, "HEAD").unlink(),
        {},
        "HEAD names a commit that",
        "git fsck",
    ),
    "pack cut off": (cut_pack, LAST_TWO, "is truncated", "git fsck"),
    "partial clone": (partial, LAST_TWO, "is missing from this repository", "partial clone"),
    "reference empty": (
        write("refs/heads/main", " "),
        {},
        "branch main is damaged",
        "git fsck",
    ),
    "HEAD garbage": (write("HEAD", "garbage"), {}, ".git exists", "HEAD"),
    "configuration broken": (config("[core\n"), {}, "of .git/config is malformed", "Fix"),
    "boolean": (
        config("[core]\n\tbare = maybe\n"),
        {},
        "core.bare has an invalid value",
        "core.bare",
    ),
    "number": (
        config("[core]\n\trepositoryFormatVersion = x\n"),
        {},
        "core.repositoryformatversion has an invalid value",
        "--show-origin",
    ),
    "format": (config("[core]\n\trepositoryFormatVersion = 9\n"), {}, "format 9", "Update git"),
    "extension": (formatted("[extensions]\n\tfoo = 1\n"), {}, "repository: foo", "Update git"),
    "hash": (
        formatted("[extensions]\n\tobjectFormat = sha512\n"),
        {},
        "extensions.objectformat sha512",
        "Update git",
    ),
    "git file is garbage": (new_git_folder("garbage"), {}, "doesn't name one", "clone"),
    "git file leads nowhere": (
        new_git_folder("gitdir: /nowhere/at/all\n"),
        {},
        "/nowhere/at/all, is missing",
        "worktree repair",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_sentence_and_what_to_do(project, name):
    prepare, options, message, advice = CASES[name]
    prepare(project)
    error = refusal(project, **options)
    assert message in error.message
    assert advice in error.advice
    assert ("damaged" in error.message) == (
        name in ("commit missing", "reference empty", "object corrupt", "pack cut off")
        or name.startswith("index is g")
        or name == "index of another kind"
    )


def test_a_newer_storage_of_references(tmp_path, monkeypatch):
    if not OTHER:
        pytest.skip("no newer git here")
    with monkeypatch.context() as newer:
        newer.setenv("PATH", f"{OTHER}:{os.environ['PATH']}")
        tables = Builder(tmp_path / "tables", init=("--ref-format=reftable",))
        tables.write("a.txt", "one\n")
        tables.commit("first")
        tables.write("a.txt", "two\n")
        collected = collect(ChangeRequest(tables.top))
        assert [file.path for batch in collected.batches for file in batch] == ["a.txt"]
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tables.top, capture_output=True)
    if done.returncode == 0:
        pytest.skip("this git knows tables")
    error = refusal(tables)
    assert "know: refstorage" in error.message
    assert "Update git" in error.advice


def test_another_owner(project):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to another user")
    os.chown(project.top, 12345, 12345)
    error = refusal(project)
    assert f"The repository {project.top} belongs to another user" in error.message
    assert error.advice.endswith(f"safe.directory {project.top}")


@pytest.mark.parametrize(
    ("variable", "value", "kind"),
    [
        ("GIT_DIR", "{tmp}/nowhere/.git", "folder"),
        ("GIT_WORK_TREE", "{tmp}/nowhere", "folder"),
        ("GIT_COMMON_DIR", "{tmp}/nowhere", "folder"),
        ("GIT_OBJECT_DIRECTORY", "{tmp}/nowhere", "folder"),
        ("GIT_INDEX_FILE", "{tmp}/nowhere/index", "file"),
        ("GIT_INDEX_FILE", "nowhere", "file"),
        ("GIT_INDEX_FILE", "/", "file"),
        ("GIT_DIR", "nowhere", "folder"),
        ("GIT_WORK_TREE", "a.txt", "folder"),
    ],
)
def test_a_stale_variable_is_named(project, monkeypatch, tmp_path, variable, value, kind):
    value = value.format(tmp=tmp_path)
    monkeypatch.setenv(variable, value)
    error = refusal(project)
    assert error.message == f"{variable} is set to {value}, but this {kind} doesn't exist."
    assert f"unset {variable}" in error.advice


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_COMMON_DIR"])
def test_a_variable_that_names_another_folder_is_named(project, monkeypatch, tmp_path, variable):
    monkeypatch.setenv(variable, str(tmp_path))
    assert refusal(project).message == f"{variable} is set to {tmp_path}, which isn't a git folder."


def test_objects_that_are_looked_for_elsewhere(project, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path))
    assert "GIT_OBJECT_DIRECTORY" in refusal(project).advice


def test_variables_that_name_what_is_there_hold(project, monkeypatch, tmp_path):
    shutil.copy(project.top / ".git/index", tmp_path / "index")
    for variable, value in {
        "GIT_DIR": ".git",
        "GIT_WORK_TREE": str(project.top),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_OBJECT_DIRECTORY": ".git/objects",
    }.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(project.top)
    collected = collect(ChangeRequest(project.top))
    assert [file.path for batch in collected.batches for file in batch] == ["a.txt"]


@pytest.fixture
def few_files() -> Iterator[None]:
    """Almost no file can be opened."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(3)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(held) + 1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for descriptor in held:
            os.close(descriptor)


def test_too_many_open_files(project, few_files):
    error = refusal(project)
    assert "too many files are open" in error.message
    assert "ulimit -n" in error.advice


SAID = [
    # what git says to a user who is not root, and where a test can't bring it about
    (
        'error: open("x/a b.txt"): Permission denied\nfatal: cannot hash x/a b.txt\n',
        "The file x/a b.txt can't be read: Permission denied.",
    ),
    (
        "fatal: .git/index: index file open failed: Permission denied\n",
        "The index, .git/index, can't be read: Permission denied.",
    ),
    (
        "warning: unable to access '.git/config': Permission denied\n"
        "fatal: unable to access '.git/config': Permission denied\n",
        ".git/config can't be read: Permission denied.",
    ),
    (
        "fatal: Unable to create '/p/.git/index.lock': File exists.\n\nAnother git process seems\n",
        "Another git process is running here, or one was interrupted: /p/.git/index.lock exists.",
    ),
    (
        "error: unable to write file: No space left on device\nfatal: failed\n",
        "The disk is full.",
    ),
    ("fatal: Out of memory, malloc failed (tried to allocate 9 bytes)\n", "git ran out of memory."),
    (
        "fatal: Unable to read current working directory: No such file or directory\n",
        "The current folder no longer exists.",
    ),
    (
        "fatal: unsafe repository ('/p' is owned by someone else)\nTo add an exception\n",
        "The repository /p belongs to another user, so git doesn't read it.",
    ),
    (
        "fatal: repo version is 0, but v1-only extension found:\n\tnoop-v1\n",
        "This git doesn't support an extension of the repository: noop-v1.",
    ),
    (
        "git-lfs clean -- 'a.bin': git-lfs: command not found\n"
        "error: external filter 'git-lfs clean -- %f' failed 127\n",
        "Your git configuration needs git-lfs for some of these files, but it isn't installed.",
    ),
    ("", "`git diff` failed: it gave no reason"),
    ("fatal: something that nobody knows\n", "`git diff` failed: something that nobody knows"),
]


@pytest.mark.parametrize(("said", "message"), SAID)
def test_what_git_says(said, message):
    error = failure("git diff", said, 128, "Run `git fsck`.")
    assert error.message == message
    assert error.advice


def test_a_git_that_is_killed():
    assert "SIGKILL" in failure("git diff", "", -9, "").message
    assert "signal 200" in failure("git diff", "", -200, "").message


@pytest.mark.parametrize(
    "said",
    [
        "fatal: detected dubious ownership in repository at '/p$(touch x)'\n",
        "fatal: bad boolean config value 'x' for 'remote.$(touch x).promisor'\n",
    ],
)
def test_what_a_person_may_paste_is_quoted(said):
    advice = failure("git rev-parse", said, 128, "").advice
    assert "'/p$(touch x)'" in advice or "'remote.$(touch x).promisor'" in advice


def test_braces_of_a_hostile_name_are_only_braces():
    said = "fatal: no upstream configured for branch '{branch.__class__}{0}'\n"
    assert "{branch.__class__}{0}" in failure("git x", said, 128, "").message
