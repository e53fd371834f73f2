"""Nothing that the repository configures is run, whatever is asked of it.

The repository here names a program everywhere git can be told to run one; each leaves a file in
`$CANARIES`. First it is shown that plain git does run it, so that these tests can fail.
"""

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolated_environment
from tests.repo.reading import change_of, contents
from xreview.domain.change import Side
from xreview.domain.errors import ChangeError
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.files.contents import contents_of
from xreview.repo.git import ObjectReader
from xreview.repo.repository import find_repository

MISSING = "1234567890" * 4
FILTER_CONFIG = """
[filter "included"]
    clean = touch "$CANARIES/included-filter"; cat
    required = true
"""

FIRES = {
    "fsmonitor": ["status"],
    "post-index-change": ["status"],
    "diff-external": ["diff", "HEAD~2", "--", "a.txt"],
    "diff-command": ["diff", "HEAD~2", "--", "x.command"],
    "textconv": ["diff", "--no-ext-diff", "HEAD~2", "--", "x.textconv"],
    "clean": ["diff", "--", "x.clean"],
    "smudge": ["checkout-index", "--force", "--prefix=out/", "x.clean"],
    "process": ["diff", "--", "x.process"],
    "included-filter": ["diff", "--", "x.included"],
    "equals-filter": ["diff", "--", "x.equals"],
    "gpg": ["log", "-1", "signed"],
    "credential": ["credential", "fill"],
    "promisor": ["cat-file", "-e", MISSING],
    "ssh": ["fetch", "overssh"],
    "alternate-refs": ["rev-list", "-1", "--alternate-refs"],
    "submodule-fsmonitor": ["status"],
    "submodule-filter": ["status"],
    "alias": ["config-list"],
    "trailer": ["interpret-trailers", "--trailer", "canary=1", "a.txt"],
}


def _script(folder: Path, name: str) -> str:
    script = folder / name
    script.write_text(f'#!/bin/sh\ntouch "$CANARIES/{name}"\ncat >/dev/null 2>&1 </dev/null\n')
    script.chmod(0o755)
    return str(script)


def _touch(name: str, then: str = "cat") -> str:
    return f'touch "$CANARIES/{name}"; {then} #'


def _hostile(top: Path) -> Builder:
    repository = Builder(top)
    _commits(repository)
    _submodule(repository)
    _signed_commit(repository)
    _configure(repository)
    _dirty(repository)
    return repository


def _commits(repository: Builder) -> None:
    names = ("a.txt", "x.command", "x.textconv", "x.clean", "x.process", "x.included", "x.equals")
    for name in names:
        repository.write(name, "one\n")
    for name in ("-rf", "--help", ":(top)x", "new\nline", "\x1b[31mred", "...", "--output=oops"):
        repository.write(name, "odd\n")
    repository.link("escape", "/etc/hostname")
    repository.commit("first")
    for name in names:
        repository.write(name, "two\n")
    repository.commit("second")
    repository.git("update-ref", "refs/heads/--output=oops", "HEAD~")
    repository.git("update-ref", "refs/heads/-x", "HEAD~")


def _submodule(repository: Builder) -> None:
    inner = Builder(repository.top.parent / "inner")
    inner.write("inside.txt", "inside\n")
    inner.commit("inside")
    repository.git("submodule", "--quiet", "add", str(inner.top), "module")
    repository.commit("with a submodule")
    shutil.rmtree(inner.top)
    script = _script(repository.top / ".git", "submodule-fsmonitor")
    repository.git("-C", "module", "config", "core.fsmonitor", script)
    repository.git("-C", "module", "config", "filter.inner.clean", _touch("submodule-filter"))
    attributes = repository.top / ".git" / "modules" / "module" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("* filter=inner\n")


def _signed_commit(repository: Builder) -> None:
    header, _, message = repository.git("cat-file", "commit", "HEAD").partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n QQ==\n -----END PGP SIGNATURE-----"
    signed = f"{header}\n{signature}\n\n{message}\n".encode()
    id = repository.git("hash-object", "-t", "commit", "-w", "--stdin", input=signed)
    repository.git("branch", "signed", id)


def _configure(repository: Builder) -> None:
    git_dir = repository.top / ".git"
    (git_dir / "info" / "attributes").write_text(
        "*.command diff=evil\n*.textconv diff=convert\n*.clean filter=evil\n"
        "*.process filter=process\n*.included filter=included\n*.equals filter=a=b.c\n"
    )
    (git_dir / "filters").write_text(FILTER_CONFIG)
    other = git_dir / "other"
    subprocess.run(["git", "init", "--quiet", "--bare", str(other)], check=True)
    (git_dir / "objects" / "info").mkdir(exist_ok=True)
    (git_dir / "objects" / "info" / "alternates").write_text(f"{other}/objects\n")
    hook = git_dir / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    shutil.copy(_script(git_dir, "post-index-change"), hook)
    (git_dir / "transport").write_text('#!/bin/sh\ntouch "$CANARIES/promisor"\n')
    (git_dir / "transport").chmod(0o755)
    for key, value in {
        "include.path": "filters",
        "core.fsmonitor": _script(git_dir, "fsmonitor"),
        "diff.external": _touch("diff-external", "true"),
        "diff.evil.command": _touch("diff-command", "true"),
        "diff.convert.textconv": _touch("textconv"),
        "filter.evil.clean": _touch("clean"),
        "filter.evil.smudge": _touch("smudge"),
        "filter.process.process": _touch("process"),
        "filter.a=b.c.clean": _touch("equals-filter"),
        "core.pager": _touch("core-pager"),
        "pager.diff": _touch("core-pager"),
        "log.showSignature": "true",
        "gpg.program": _script(git_dir, "gpg"),
        "credential.helper": "!" + _touch("credential", "true"),
        "core.askPass": _script(git_dir, "askpass"),
        "core.sshCommand": _touch("ssh", "false"),
        "core.alternateRefsCommand": _touch("alternate-refs", "true"),
        "core.editor": _touch("editor", "true"),
        "remote.origin.url": f"ext::{git_dir / 'transport'}",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "remote.overssh.url": "ssh://example.invalid/x",
        "remote.overssh.promisor": "true",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "protocol.allow": "always",
        "alias.config-list": "!" + _touch("alias", "true"),
        "trailer.canary.command": _touch("trailer", "true"),
        "core.excludesFile": "/dev/null",
    }.items():
        repository.git("config", key, value)


def _dirty(repository: Builder) -> None:
    """Make every file's time stamp one that git must look behind, and some contents differ."""
    for path in repository.top.iterdir():
        if path.is_file() and not path.is_symlink() and path.name != ".gitmodules":
            path.write_bytes(path.read_bytes() + (b"more\n" if path.name != "a.txt" else b""))
            os.utime(path, (1_600_000_000, 1_600_000_000))
    # Of the same size, so that git can't tell without reading it.
    repository.write("module/inside.txt", "INSIDE\n")
    os.utime(repository.path("module/inside.txt"), (1_600_000_000, 1_600_000_000))
    repository.write("untracked --help.txt", "untracked\n")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return _hostile(tmp_path_factory.mktemp("hostile") / "template").top


@pytest.fixture
def hostile(template, tmp_path, monkeypatch):
    """The hostile repository at the place its configuration names, as it was made."""
    canaries = tmp_path / "canaries"
    canaries.mkdir()
    monkeypatch.setenv("CANARIES", str(canaries))
    copy = tmp_path / "copy"
    shutil.copytree(template, copy, symlinks=True)
    return copy


def fired(top: Path) -> list[str]:
    return sorted(path.name for path in (top.parent / "canaries").iterdir())


@pytest.mark.parametrize("name", FIRES)
def test_plain_git_runs_it(hostile, name, tmp_path):
    environment = isolated_environment(tmp_path / "home")
    for _ in range(2):  # the hook after an index change needs an index to write
        subprocess.run(
            ["git", *FIRES[name]],
            cwd=hostile,
            env=environment,
            input=b"url=https://example.invalid\n\n",
            capture_output=True,
            timeout=60,
        )
    assert name in fired(hostile)


def test_plain_git_runs_a_pager_on_a_terminal(hostile, tmp_path):
    environment = isolated_environment(tmp_path / "home") | {"TERM": "xterm"}
    for name in ("PAGER", "LESS"):
        environment.pop(name, None)
    here, there = pty.openpty()
    subprocess.run(
        ["git", "log", "-1"], cwd=hostile, env=environment, stdout=there, stderr=there, timeout=60
    )
    os.close(there)
    os.close(here)
    assert "core-pager" in fired(hostile)


def test_plain_git_runs_an_external_diff_of_the_environment(hostile, tmp_path):
    environment = isolated_environment(tmp_path / "home")
    environment["GIT_EXTERNAL_DIFF"] = _touch("environment", "true")
    subprocess.run(["git", "diff", "HEAD~2"], cwd=hostile, env=environment, capture_output=True)
    assert "environment" in fired(hostile)


REQUESTS = [
    {},
    {"staged": True},
    {"commit": "HEAD"},
    {"commit": "signed"},
    {"commit": "HEAD~2"},
    {"range": "HEAD~2..HEAD"},
    {"range": "HEAD~2...signed"},
    {"base": "HEAD~2"},
    {"base": "--output=oops"},
    {"commit": "-x"},
    {"range": "-x..--output=oops"},
]


@pytest.mark.parametrize("options", REQUESTS, ids=str)
async def test_nothing_runs(hostile, monkeypatch, options):
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "PAGER", "GIT_SSH_COMMAND", "GIT_ASKPASS"):
        monkeypatch.setenv(name, _touch("environment", "true"))
    before = _state(hostile)
    change = change_of(hostile, **options)
    sides = await contents(hostile, **options)
    assert set(sides) == {file.path for file in change.files}
    assert fired(hostile) == []
    assert _state(hostile) == before
    assert not (hostile / "oops").exists()


async def test_nothing_runs_for_a_patch(hostile, tmp_path):
    patch = tmp_path / "x.patch"
    patch.write_text(
        f"diff --git a/x.clean b/x.clean\nindex {MISSING}..{'0' * 40} 100644\n"
        "--- a/x.clean\n+++ b/x.clean\n@@ -1,2 +1,1 @@\n-two\n more\n"
    )
    assert await contents(hostile, patch=str(patch)) == {"x.clean": (b"two\nmore\n", b"more\n")}
    assert fired(hostile) == []


def test_nothing_runs_where_objects_are_missing(hostile):
    reader = ObjectReader(find_repository(hostile))
    try:
        assert reader.read(MISSING, "blob", 1000) is None
        assert reader.read("HEAD\n", "commit", 1000) is None
    finally:
        reader.close()
    for options in ({"commit": MISSING}, {"base": MISSING}, {"range": f"{MISSING}..HEAD"}):
        with pytest.raises(ChangeError):
            change_of(hostile, **options)
    assert fired(hostile) == []


def test_nothing_runs_from_inside_the_submodule(hostile):
    assert [file.path for file in change_of(hostile / "module").files] == ["inside.txt"]
    assert fired(hostile) == []


async def test_odd_names_are_only_names(hostile):
    sides = await contents(hostile)
    for name in ("-rf", "--help", ":(top)x", "new\nline", "\x1b[31mred", "...", "--output=oops"):
        assert sides[name] == (b"odd\n", b"odd\nmore\n")
    assert sides["untracked --help.txt"] == (None, b"untracked\n")


def test_the_filters_that_were_not_run_are_named(hostile):
    notices = " ".join(change_of(hostile).source.notices)
    for driver in ("evil", "process", "included", "a=b.c"):
        assert driver in notices


def test_a_filter_of_the_user_still_runs(project, home):
    (home / "gitconfig").write_text('[filter "mine"]\n\tclean = tr a-z A-Z\n')
    project.write(".gitattributes", "*.up filter=mine\n")
    project.write("x.up", "one\n")
    project.git("config", "--file", str(project.home / "gitconfig"), "filter.mine.clean", "cat")
    project.commit("second")
    project.write("x.up", "one\ntwo\n")
    (file,) = change_of(project.top).files
    assert b"+TWO" in file.body


@pytest.mark.parametrize("key", ["clean", "required", "smudge"])
def test_a_filter_of_the_user_that_the_repository_touches_does_not_run(project, home, key):
    (home / "gitconfig").write_text('[filter "mine"]\n\tclean = tr a-z A-Z\n')
    project.write(".gitattributes", "*.up filter=mine\n")
    project.write("x.up", "one\n")
    project.commit("second")
    project.git("config", f"filter.mine.{key}", "false")
    project.write("x.up", "one\ntwo\n")
    (file,) = change_of(project.top).files
    assert b"+two" in file.body


async def test_links_are_not_followed_when_they_take_a_files_place(project):
    secret = project.top.parent / "secret.txt"
    secret.write_text("secret\n")
    project.write("a.txt", "changed\n")
    project.write("folder/x.txt", "x\n")
    collected = collect(ChangeRequest(project.top))
    files = {file.path: file for batch in collected.batches for file in batch}
    project.link("a.txt", str(secret))
    shutil.rmtree(project.path("folder"))
    project.link("folder", str(secret.parent))
    (project.top.parent / "x.txt").write_text("secret\n")
    reader = contents_of(collected)
    assert await reader.read(files["a.txt"], Side.NEW) == os.fsencode(secret)
    assert await reader.read(files["folder/x.txt"], Side.NEW) is None
    reader.close()


def _state(top: Path) -> dict[str, bytes]:
    """Every file of the git folder, for: nothing was written."""
    return {str(path): path.read_bytes() for path in (top / ".git").rglob("*") if path.is_file()}
