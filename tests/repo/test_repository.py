"""Finding a repository, or saying why there is none to be read."""

import os
import stat

import pytest

from tests.repo.builder import ACTOR, EMAIL, NAME, Builder
from xreview.domain.errors import ChangeError
from xreview.repo.repository import find_repository


def test_its_places(project):
    project.write("sub/x.txt", "x\n")
    found = find_repository(project.top / "sub")
    assert (found.top, found.git_dir) == (project.top, project.top / ".git")
    assert found.identity == str(project.top / ".git")


def test_linked_worktrees_share_an_identity(project):
    linked = project.top.parent / "linked"
    project.git("worktree", "add", "--quiet", str(linked))
    found = find_repository(linked)
    assert found.top == linked
    assert found.git_dir != found.common_dir
    assert found.identity == find_repository(project.top).identity


def test_a_link_to_a_repository_is_the_same_repository(project):
    link = project.top.parent / "link"
    link.symlink_to(project.top)
    assert find_repository(link).identity == find_repository(project.top).identity


def test_a_bare_repository_has_no_top(tmp_path):
    bare = Builder(tmp_path / "bare.git", init=("--bare",))
    found = find_repository(bare.top)
    assert found.top is None
    assert found.identity == str(bare.top)


def test_a_submodule_is_a_repository_of_its_own(project, tmp_path):
    inner = Builder(tmp_path / "inner")
    inner.commit("inside")
    project.git("submodule", "--quiet", "add", f"file://{inner.top}", "module")
    found = find_repository(project.top / "module")
    assert found.top == project.top / "module"
    assert found.identity == str(project.top / ".git" / "modules" / "module")


def _configure(home, text: str) -> None:
    (home / "gitconfig").write_text(text)


PERSON = f"[user]\n\tname = {NAME}\n\temail = {EMAIL}\n"


@pytest.mark.parametrize(
    ("environment", "actor"),
    [
        ({}, ACTOR),
        ({"GIT_COMMITTER_NAME": "Other"}, "Other <ada@example.org>"),
        ({"GIT_COMMITTER_NAME": "Other", "GIT_COMMITTER_EMAIL": "o@x"}, "Other <o@x>"),
    ],
)
def test_the_person_is_who_git_says(project, home, monkeypatch, environment, actor):
    _configure(home, PERSON)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert find_repository(project.top).actor == actor


@pytest.mark.parametrize("section", ["user", "committer"])
def test_the_repository_does_not_say_who_the_person_is(project, home, section):
    _configure(home, PERSON)
    (project.top / ".git" / "more").write_text(f"[{section}]\n\tname = Included\n")
    project.git("config", "include.path", "more")
    project.git("config", "extensions.worktreeConfig", "true")
    for scope in ("--local", "--worktree"):
        project.git("config", scope, f"{section}.name", "Somebody Else")
        project.git("config", scope, f"{section}.email", "else@example.com")
    found = find_repository(project.top)
    assert found.actor == ACTOR
    assert found.names_another_actor


def test_the_users_own_configuration_may_differ_by_folder(project, home):
    (home / "work").write_text("[user]\n\temail = ada@work.example\n")
    condition = f'[includeIf "gitdir:{project.top}/"]\n\tpath = {home}/work\n'
    _configure(home, PERSON + condition)
    assert find_repository(project.top).actor == f"{NAME} <ada@work.example>"


def test_the_person_without_a_git_identity_is_the_login(project, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ada")
    assert find_repository(project.top).actor == "ada"


def refusal(cwd) -> ChangeError:
    with pytest.raises(ChangeError) as caught:
        find_repository(cwd)
    assert caught.value.advice
    return caught.value


def test_no_repository(tmp_path):
    assert "isn't in a git repository" in refusal(tmp_path).message


def test_no_such_folder(tmp_path):
    assert "can't be entered" in refusal(tmp_path / "missing").message


def test_inside_the_git_folder(project):
    assert "inside a git folder" in refusal(project.top / ".git").message


def test_another_owner(project):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to another user")
    os.chown(project.top, 12345, 12345)
    assert "belongs to another user" in refusal(project.top).message
    assert "safe.directory" in refusal(project.top).advice


def test_the_worktree_is_put_elsewhere(project, tmp_path):
    private = tmp_path / "private"
    private.mkdir()
    (private / "key").write_text("secret\n")
    for value in (str(private), "../../private", str(tmp_path)):
        project.git("config", "core.worktree", value)
        assert "core.worktree" in refusal(project.top).message


def test_the_worktree_stays_where_it_is_whatever_an_included_file_says(project, tmp_path):
    (project.top / ".git" / "more").write_text(f"[core]\n\tworktree = {tmp_path}\n")
    project.git("config", "include.path", "more")
    assert find_repository(project.top).top == project.top


def test_the_worktree_is_put_elsewhere_by_the_user(project, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    project.git("config", "core.worktree", str(elsewhere))
    monkeypatch.setenv("GIT_DIR", str(project.top / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(elsewhere))
    assert find_repository(elsewhere).top == elsewhere


def test_configuration_that_can_not_be_read(project):
    with (project.top / ".git" / "config").open("a") as config:
        config.write("[broken\n")
    assert "of .git/config is malformed" in refusal(project.top).message


def test_a_line_feed_in_the_path(tmp_path):
    builder = Builder(tmp_path / "a\nb")
    builder.commit("first")
    assert "line feed" in refusal(builder.top).message


def _git_that(tmp_path, monkeypatch, script: str | None) -> None:
    folder = tmp_path / "programs"
    folder.mkdir()
    if script is not None:
        program = folder / "git"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


def test_no_git(project, tmp_path, monkeypatch):
    _git_that(tmp_path, monkeypatch, None)
    assert "git was not found" in refusal(project.top).message


def test_an_old_git(project, tmp_path, monkeypatch):
    script = """
case "$2" in
  --version) echo "git version 2.25.1" ;;
  rev-parse) printf '%s\\n' --path-format=absolute .git .git false /top ;;
esac"""
    _git_that(tmp_path, monkeypatch, script)
    assert refusal(project.top).message == "git version 2.25.1 is too old."


def test_a_git_of_the_repository_is_not_run(project, tmp_path, monkeypatch):
    trap = project.write("git", "#!/bin/sh\ntouch ran\n", executable=True)
    monkeypatch.chdir(project.top)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}::")
    assert find_repository(project.top).top == project.top
    assert not (trap.parent / "ran").exists()


def test_a_git_that_does_not_answer(project, tmp_path, monkeypatch):
    _git_that(tmp_path, monkeypatch, "exec /bin/sleep 60")
    monkeypatch.setattr("xreview.repo.hardened.process.GitProcess.finish.__defaults__", (0.2,))
    assert "no answer" in refusal(project.top).message
