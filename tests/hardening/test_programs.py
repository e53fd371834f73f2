"""Which program is found, and that it is never one of the repository."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.repo.builder import Builder
from xreview.hardening.programs import find_program, repository_folders, search_path


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def top(tmp_path) -> Path:
    top = tmp_path / "project"
    (top / ".git").mkdir(parents=True)
    (top / "sub" / "deep").mkdir(parents=True)
    for folder in ("", "sub", "bin", "node_modules/.bin"):
        program(top / folder / "git")
    return top


def found(cwd: Path, path: str, name: str = "git", **environ: str) -> Path | None:
    environ = {"PATH": path, "HOME": "/nonexistent", **environ}
    return find_program(name, environ, repository_folders(cwd, environ))


@pytest.mark.parametrize("cwd", ["", "sub", "sub/deep", ".git"])
@pytest.mark.parametrize(
    "entry",
    [
        "",
        ".",
        "..",
        "bin",
        "./bin",
        "../bin",
        "node_modules/.bin",
        "~/bin",
        "{top}",
        "{top}/bin",
        "{top}/sub",
        "{top}/node_modules/.bin",
        "{top}/sub/deep/../../bin",
        "{outside}/../project/bin",
        "{outside}/folder",
        "{outside}/circle",
        "{outside}/linked",
        "{top}/out",
    ],
)
def test_a_program_of_the_repository_is_none(top, tmp_path, monkeypatch, cwd, entry):
    outside = tmp_path / "outside"
    (outside / "linked").mkdir(parents=True)
    (outside / "folder").symlink_to(top / "bin")
    (outside / "circle").symlink_to(outside / "circle")
    (outside / "linked" / "git").symlink_to(top / "git")
    (top / "out").symlink_to(program(outside / "own" / "git").parent)
    monkeypatch.chdir(top / cwd)
    path = entry.format(top=top, outside=outside)

    assert found(Path.cwd(), path) is None
    assert found(Path.cwd(), f"{path}:{outside}/own") == outside / "own" / "git"


def test_what_is_passed_over_hides_nothing_behind_it(top, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "git").symlink_to(top / "git")
    (tmp_path / "two" / "git").mkdir(parents=True)
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "git").write_text("not executable")
    right = program(tmp_path / "four" / "git")
    path = ":".join(str(tmp_path / name) for name in ("one", "two", "three", "four"))
    assert found(top, path) == right


@pytest.mark.parametrize("name", ["", "./git", "bin/git", "/bin/sh", "../git"])
def test_only_names_are_looked_for(top, name):
    assert found(top, "/usr/bin:/bin", name) is None


def test_the_path_that_programs_get_is_cleaned_the_same_way(top):
    folders = repository_folders(top / "sub", {})
    path = f".::bin:{top}/bin:/usr/bin:{top.parent}:/bin:"
    assert search_path({"PATH": path}, folders) == f"/usr/bin:{top.parent}:/bin"
    assert search_path({}, folders) == os.defpath


def test_linked_worktrees_and_submodules_belong_to_the_repository_they_are_of(tmp_path):
    main = Builder(tmp_path / "main")
    main.commit("first")
    linked = tmp_path / "linked"
    main.git("worktree", "add", "--quiet", str(linked))
    inner = Builder(tmp_path / "inner")
    inner.commit("inside")
    main.git("submodule", "--quiet", "add", f"file://{inner.top}", "module")
    program(main.top / "bin" / "git")
    for cwd in (linked, main.top / "module"):
        assert found(cwd, f"{main.top}/bin") is None
        assert {cwd, main.top} <= set(repository_folders(cwd, {}))


def test_a_bare_repository_has_no_programs_either(tmp_path):
    bare = Builder(tmp_path / "bare.git", init=("--bare",))
    program(bare.top / "hooks" / "git")
    assert found(bare.top / "hooks", f"{bare.top}/hooks") is None


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"])
def test_where_the_environment_puts_the_repository_counts(top, tmp_path, variable):
    elsewhere = tmp_path / "elsewhere"
    program(elsewhere / "bin" / "git")
    path = f"{elsewhere}/bin"
    assert found(top, path) == elsewhere / "bin" / "git"
    for value in (str(elsewhere), "../elsewhere"):
        assert found(top, path, **{variable: value}) is None


def test_a_link_to_the_repository_makes_no_difference(top, tmp_path):
    (tmp_path / "link").symlink_to(top)
    assert found(tmp_path / "link" / "sub", f"{tmp_path}/link/bin:{top}/bin") is None


@pytest.mark.parametrize("text", ["", "gitdir:", "gitdir: /", "nonsense", "gitdir: a\0b", "\xff"])
def test_a_pointer_that_leads_nowhere_hides_no_program(tmp_path, text):
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / ".git").write_text(text)
    right = program(tmp_path / "own" / "git")
    assert found(tmp_path / "project", str(right.parent)) == right


def test_outside_of_a_repository_the_folder_has_none_but_a_home_does(tmp_path):
    here = program(tmp_path / "bin" / "git")
    assert found(tmp_path, str(here.parent)) is None
    assert found(tmp_path, str(here.parent), HOME=str(tmp_path)) == here
    assert found(Path("/"), str(here.parent)) == here


def test_the_real_git_is_found(top):
    environ = {"PATH": f".:{os.environ['PATH']}"}
    git = find_program("git", environ, repository_folders(top, environ))
    assert git is not None
    done = subprocess.run([git, "--version"], capture_output=True, check=True)
    assert done.stdout.startswith(b"git version")
