"""Projects of remotes, from every form of address."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.repo.builder import Builder
from xreview.repo.pulls.remotes import (
    parse_remote,
    project_remotes,
    pushed_branch,
    pushed_project,
    tracked_pull,
)
from xreview.repo.pulls.ssh_aliases import parse_ssh_aliases
from xreview.repo.repository import Repository, find_repository


@pytest.mark.parametrize(
    ("url", "host", "project"),
    [
        ("https://github.com/acme/shop.git", "github.com", "acme/shop"),
        ("https://github.com/acme/shop/", "github.com", "acme/shop"),
        ("https://me:key@GitHub.com/acme/shop", "github.com", "acme/shop"),
        ("https://git.example:8443/acme/shop", "git.example:8443", "acme/shop"),
        ("https://git.example:443/acme/shop", "git.example", "acme/shop"),
        ("http://127.0.0.1:3000/acme/shop.git", "127.0.0.1:3000", "acme/shop"),
        ("git@github.com:acme/shop.git", "github.com", "acme/shop"),
        ("github.com:acme/shop", "github.com", "acme/shop"),
        ("ssh://git@git.example:2222/group/sub/shop.git", "git.example", "group/sub/shop"),
        ("ssh://git@altssh.gitlab.com:443/acme/shop.git", "gitlab.com", "acme/shop"),
        ("ssh://git@ssh.github.com:443/acme/shop.git", "github.com", "acme/shop"),
        ("git://github.com/acme/shop.git", "github.com", "acme/shop"),
    ],
)
def test_an_address_has_a_host_and_a_project(url: str, host: str, project: str):
    assert parse_remote(url) == (host, project)


@pytest.mark.parametrize(
    "url",
    [
        *("", "/srv/shop.git", "../shop", "file:///srv/acme/shop", "ext::sh -c x", "https://"),
        *("https://github.com/shop", "https://github.com/a/../b", "https://[::1/a/b"),
        *("https://github.com:99999/a/b", "-oProxyCommand=x:a/b", "git@github.com:acme/sh op"),
        *("https://github.com/a/b?x=y#z/\n", "ftp://github.com/a/b"),
    ],
)
def test_anything_else_has_none(url: str):
    found = parse_remote(url)
    assert found is None or found == ("github.com", "a/b")
    assert (found is None) == ("?" not in url)


@given(st.text())
def test_no_text_is_too_odd(url: str):
    found = parse_remote(url)
    assert found is None or all(part and part == part.strip() for part in found)


def remotes_of(project: Builder, **urls: str) -> Repository:
    for name, url in urls.items():
        project.git("remote", "add", name, url)
    return find_repository(project.top)


def test_the_base_repository_is_found_as_gh_does(project: Builder):
    here = "https://github.com/{}/shop"
    named = {name: here.format(name) for name in ("other", "origin", "upstream")}
    repository = remotes_of(project, **named)
    assert [one.name for one in project_remotes(repository)] == ["upstream", "origin", "other"]
    project.git("config", "remote.other.gh-resolved", "base")
    first = project_remotes(find_repository(project.top))[0]
    assert (first.name, first.project, first.is_chosen) == ("other", "other/shop", True)


def test_short_forms_are_the_users_own_only(project: Builder):
    project.git("config", "--global", "url.https://github.com/.insteadOf", "gh:")
    project.git("config", "url.https://gitlab.com/.insteadOf", "lab:")
    shutil.copy(project.home / "gitconfig", project.top.parent / "home/gitconfig")
    repository = remotes_of(project, origin="gh:acme/shop", other="lab:acme/shop")
    hosts = {one.name: one.host for one in project_remotes(repository)}
    assert hosts == {"origin": "github.com", "other": "lab"}


ALIASES = """
Host *
  HostName everywhere.example
Host hub work-hub !other
  User git
  HostName=GitHub.com
  hostname ignored.example
Match host x
  HostName matched.example
Host pattern?
  HostName patterns.example
Host token
  HostName %h.example
"""


def test_the_users_names_of_hosts_hold_for_ssh(project: Builder, home: Path):
    assert parse_ssh_aliases(ALIASES) == {"hub": "github.com", "work-hub": "github.com"}
    (home / ".ssh").mkdir()
    (home / ".ssh/config").write_text(ALIASES)
    repository = remotes_of(
        project, origin="git@hub:acme/shop.git", other="https://hub/acme/shop.git"
    )
    hosts = {one.name: one.host for one in project_remotes(repository)}
    assert hosts == {"origin": "github.com", "other": "hub"}


@given(st.text())
def test_no_configuration_of_ssh_is_too_odd(text: str):
    assert all(isinstance(host, str) for host in parse_ssh_aliases(text).values())


def test_the_branch_tells_what_it_follows(project: Builder):
    remotes_of(project, origin="https://github.com/acme/shop", fork="git@github.com:bob/shop.git")
    project.branch("local-name")
    plain = find_repository(project.top)
    assert (pushed_branch(plain), pushed_project(plain)) == ("local-name", "")
    project.git("config", "branch.local-name.remote", "origin")
    project.git("config", "branch.local-name.pushRemote", "fork")
    project.git("config", "branch.local-name.merge", "refs/heads/topic")
    followed = find_repository(project.top)
    assert (pushed_branch(followed), pushed_project(followed)) == ("local-name", "bob/shop")
    project.git("config", "push.default", "upstream")
    assert pushed_branch(find_repository(project.top)) == "topic"
    assert tracked_pull(followed) is None


def test_gh_sets_a_branch_of_a_fork_up_with_its_address(project: Builder):
    project.git("config", "branch.main.remote", "https://github.com/bob/shop.git")
    project.git("config", "branch.main.merge", "refs/heads/topic")
    repository = find_repository(project.top)
    assert (pushed_branch(repository), pushed_project(repository)) == ("topic", "bob/shop")


@pytest.mark.parametrize(
    ("merged", "number"),
    [
        ("refs/pull/12/head", 12),
        ("refs/merge-requests/7/head", 7),
        ("refs/heads/pull/12/head", None),
        ("refs/pull/x/head", None),
    ],
)
def test_a_branch_of_gh_follows_a_pull_request(project: Builder, merged: str, number: int | None):
    project.git("config", "branch.main.merge", merged)
    assert tracked_pull(find_repository(project.top)) == number


def test_a_detached_head_follows_nothing(project: Builder):
    project.git("checkout", "--quiet", "--detach")
    assert pushed_branch(find_repository(project.top)) == ""
