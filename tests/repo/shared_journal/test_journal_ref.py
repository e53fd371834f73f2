"""Nothing that a repository configures is run or used when its journal is pushed or pulled.

First it is shown that plain git does run it, so that these tests can fail.
"""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolated_environment
from xreview.domain.errors import JournalError, UsageError
from xreview.domain.events.shared_event import origin_file
from xreview.repo.repository import find_repository
from xreview.repo.shared_journal.journal_ref import REFERENCE, shared_journal
from xreview.repo.shared_journal.remote import TransferDirection, checked

PUSHED = f"HEAD:{REFERENCE}"
FETCHED = f"{REFERENCE}:refs/x/theirs"
FIRES = {
    "pre-push": ["push", "path", PUSHED],
    "reference-transaction": ["update-ref", "refs/x/y", "HEAD"],
    "uploadpack": ["fetch", "packs", FETCHED],
    "receivepack": ["push", "packs", PUSHED],
    "instead": ["fetch", "rewritten", FETCHED],
    "push-instead": ["push", "rewritten", PUSHED],
    "vcs": ["fetch", "vcs", FETCHED],
    "ext": ["fetch", "ext", FETCHED],
    "ssh": ["fetch", "overssh", FETCHED],
    "ssh-push": ["push", "overssh", PUSHED],
    "credential": ["credential", "fill"],
    "gpg": ["commit", "--allow-empty", "-S", "-m", "x"],
    "gpg-ssh": ["-c", "gpg.format=ssh", "commit", "--allow-empty", "-S", "-m", "x"],
    "alternate-refs": ["fetch", "path", FETCHED],
    "remote-hook": ["push", "path", "HEAD:refs/x/new"],
    "url-as-name": ["fetch", "file://BARE", FETCHED],
}


def _script(folder: Path, name: str, then: str = "") -> str:
    script = folder / name
    script.write_text(f'#!/bin/sh\ntouch "$CANARIES/{name}"\n{then or "exit 1"}\n')
    script.chmod(0o755)
    return str(script)


@pytest.fixture
def hostile(tmp_path, monkeypatch) -> Builder:
    """A repository that names a program wherever a push, a fetch or a signature would run one."""
    canaries = tmp_path / "canaries"
    canaries.mkdir()
    monkeypatch.setenv("CANARIES", str(canaries))
    builder = Builder(tmp_path / "hostile")
    builder.write("a.txt", "one\n")
    builder.commit("first")
    bare = Builder(tmp_path / "shared.git", init=("--bare",)).top
    builder.git("push", "--quiet", str(bare), PUSHED)
    _hooks(builder.top / ".git", bare)
    _alternate(builder)
    tools = builder.top / ".git" / "tools"
    tools.mkdir()
    touch = 'touch "$CANARIES/{}"; false'
    settings = {
        "remote.path.url": str(bare),
        "remote.packs.url": str(bare),
        "remote.packs.uploadpack": _script(tools, "uploadpack"),
        "remote.packs.receivepack": _script(tools, "receivepack"),
        f"remote.file://{bare}.uploadpack": _script(tools, "url-as-name"),
        f"url.ext::{_script(tools, 'instead')} .insteadOf": "rewrite:",
        f"url.ext::{_script(tools, 'push-instead')} .pushInsteadOf": "rewrite:",
        "remote.rewritten.url": "rewrite:x",
        "remote.vcs.url": "https://example.invalid/x",
        "remote.vcs.vcs": "canary",
        "remote.ext.url": f"ext::{_script(tools, 'ext')}",
        "remote.overssh.url": "ssh://example.invalid/x",
        "remote.origin.url": "https://example.invalid/x",
        "core.sshCommand": f"{touch.format('ssh')}; {touch.format('ssh-push')}",
        "credential.helper": f"!{touch.format('credential')}",
        "gpg.program": _script(tools, "gpg"),
        "gpg.ssh.program": _script(tools, "gpg-ssh"),
        "user.signingKey": "key::ssh-ed25519 AAAA",
        "commit.gpgSign": "true",
        "core.alternateRefsCommand": f"{touch.format('alternate-refs')} #",
        "core.fsmonitor": _script(tools, "fsmonitor"),
        "core.pager": touch.format("pager"),
        "core.askPass": _script(tools, "askpass"),
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "http.proxy": "http://127.0.0.1:9",
    }
    for key, value in settings.items():
        builder.git("config", key, value)
    _script(tools, "git-remote-canary")
    (tools / "git-remote-canary").write_text('#!/bin/sh\ntouch "$CANARIES/vcs"\n')
    return builder


def _hooks(git_dir: Path, bare: Path) -> None:
    for folder, name, canary in (
        (git_dir, "pre-push", "pre-push"),
        (git_dir, "reference-transaction", "reference-transaction"),
        (bare, "pre-receive", "remote-hook"),
        (bare, "update", "remote-hook"),
        (bare, "post-update", "remote-hook"),
    ):
        hook = folder / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f'#!/bin/sh\ntouch "$CANARIES/{canary}"\n')
        hook.chmod(0o755)


def _alternate(builder: Builder) -> None:
    other = Builder(builder.top.parent / "alternate", init=("--bare",))
    info = builder.top / ".git" / "objects" / "info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text(f"{other.top}/objects\n")


def fired(builder: Builder) -> set[str]:
    return {path.name for path in (builder.top.parent / "canaries").iterdir()}


def bare_of(builder: Builder) -> Path:
    return builder.top.parent / "shared.git"


@pytest.mark.parametrize("name", FIRES)
def test_plain_git_runs_it(hostile, name):
    environment = isolated_environment(hostile.home)
    tools = hostile.top / ".git" / "tools"
    environment["PATH"] = f"{tools}{os.pathsep}{environment['PATH']}"
    subprocess.run(
        ["git", *(word.replace("BARE", str(bare_of(hostile))) for word in FIRES[name])],
        cwd=hostile.top,
        env=environment,
        input=b"url=https://example.invalid\n\n",
        capture_output=True,
        timeout=60,
    )
    assert name in fired(hostile)


def exchange(repository: Builder, word: str, direction: TransferDirection) -> None:
    """All that a push or a pull does with git."""
    path, content = origin_file(repository.rev("HEAD"))
    with shared_journal(find_repository(repository.top)) as shared:
        remote = shared.remote(word, direction, repository.top)
        shared.fetch(remote)
        files = {
            **shared.files(shared.tip),
            **shared.store({path: content}),
        }
        commit = shared.commit(files, [shared.tip] if shared.tip else [], "x\n")
        if direction is TransferDirection.PUSH:
            repository.git("update-ref", "-d", REFERENCE)
            subprocess.run(
                ["git", "update-ref", "-d", REFERENCE], cwd=bare_of(repository), check=True
            )
            shared.push(remote, commit)
        shared.adopt(commit)


@pytest.mark.parametrize("scheme", ["", "file://"])
@pytest.mark.parametrize("direction", TransferDirection)
def test_nothing_runs(hostile, direction, scheme, home, monkeypatch):
    (home / "gitconfig").write_text("[user]\n\tname = Grace\n")
    tools = hostile.top / ".git" / "tools"
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    for hook in (hostile.top / ".git" / "hooks").iterdir():
        if hook.name == "reference-transaction":
            hook.unlink()  # the test's own plain git would run it
    evil = f"url.ext::{_script(tools, 'path-instead')} "
    hostile.git("config", f"{evil}.insteadOf", str(hostile.top.parent))
    before = (hostile.top / ".git" / "config").read_bytes()
    exchange(hostile, scheme + str(bare_of(hostile)), direction)
    assert fired(hostile) == set()
    assert hostile.git("rev-parse", "--verify", REFERENCE)
    assert (hostile.top / ".git" / "config").read_bytes() == before
    if direction is TransferDirection.PUSH:
        assert "Grace" in Builder(bare_of(hostile), init=None).git("log", "-1", REFERENCE)


def test_adopting_runs_no_hook(hostile):
    path, content = origin_file("1" * 40)
    with shared_journal(find_repository(hostile.top)) as shared:
        shared.adopt(shared.commit(shared.store({path: content}), [], "x\n"))
    assert fired(hostile) == set()


@pytest.mark.parametrize("direction", TransferDirection)
@pytest.mark.parametrize("word", ["path", "packs", "rewritten", "vcs", "ext", "overssh", "origin"])
def test_configured_remotes_run_nothing(hostile, word, direction, monkeypatch):
    tools = hostile.top / ".git" / "tools"
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GIT_SSH_COMMAND", "false")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")
    refused = pytest.raises((UsageError, JournalError))
    with shared_journal(find_repository(hostile.top)) as shared, refused:
        shared.fetch(shared.remote(word, direction, hostile.top))
    assert fired(hostile) == set()


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c x",
        "ext::x",
        "fd::7",
        "canary::https://example.org/x",
        "http://example.org/x",
        "git://example.org/x",
        "ftp://example.org/x",
        "ssh://-oProxyCommand=x/y",
        "ssh://-x@example.org/y",
        "ssh:///x",
        "https:///x",
        "-oProxyCommand=x:y",
        "x@-oProxyCommand=x:y",
        "--upload-pack=x",
        "https://example.org/a\nb",
        "https://example.org/\x1b[2J",
        "https://[x/y",
    ],
)
def test_addresses_that_are_refused(url):
    for is_typed in (True, False):
        with pytest.raises(UsageError):
            checked(url, is_typed=is_typed)


@pytest.mark.parametrize(
    ("url", "protocol"),
    [
        ("https://example.org/a.git", "https"),
        ("https://user:secret@example.org:8443/a.git", "https"),
        ("ssh://git@example.org:22/a.git", "ssh"),
        ("git@example.org:a/b.git", "ssh"),
        ("example.org:a", "ssh"),
        ("/srv/a b.git", "file"),
        ("file:///srv/a.git", "file"),
    ],
)
def test_addresses_that_are_taken(url, protocol):
    address = checked(url, is_typed=True)
    assert address.protocol == protocol
    assert "secret" not in address.shown
    if protocol == "file":
        with pytest.raises(UsageError, match="use the path instead"):
            checked(url, is_typed=False)
    else:
        assert checked(url, is_typed=False) == address


def test_a_name_that_is_no_remote_is_refused(project):
    with shared_journal(find_repository(project.top)) as shared:
        for word in ("nowhere", "no/where", "./nowhere"):
            with pytest.raises(UsageError, match="not found"):
                shared.remote(word, TransferDirection.PULL, project.top)


def test_the_users_own_rewriting_holds(project, home, tmp_path):
    bare = Builder(tmp_path / "b.git", init=("--bare",)).top
    (home / "gitconfig").write_text(f'[url "{bare.parent}/"]\n\tinsteadOf = https://short/\n')
    with shared_journal(find_repository(project.top)) as shared:
        remote = shared.remote("https://short/b.git", TransferDirection.PUSH, project.top)
        assert [address.url for address in remote.addresses] == [f"{bare.parent}/b.git"]
        assert shared.fetch(remote) is None


def test_pushing_elsewhere_is_told(project, home):
    (home / "gitconfig").write_text(
        '[url "ssh://git@example.org/"]\n\tpushInsteadOf = https://example.org/\n'
    )
    with shared_journal(find_repository(project.top)) as shared:
        remote = shared.remote("https://example.org/a", TransferDirection.PUSH, project.top)
    assert [a.url for a in remote.addresses] == [
        "https://example.org/a",
        "ssh://git@example.org/a",
    ]
    assert remote.protocol == "https:ssh"


def ssh_key(folder: Path) -> Path:
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    return key


def commit_of(repository: Builder) -> str:
    path, content = origin_file("1" * 40)
    with shared_journal(find_repository(repository.top)) as shared:
        commit = shared.commit(shared.store({path: content}), [], "x\n")
        shared.adopt(commit)
        return repository.git("cat-file", "commit", commit)


def test_it_is_signed_as_the_user_says(project, home):
    key = ssh_key(home)
    (home / "gitconfig").write_text(
        f"[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = {key}\n[commit]\n\tgpgSign = true\n"
    )
    assert "-----BEGIN SSH SIGNATURE-----" in commit_of(project)
    allowed = home / "allowed"
    allowed.write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    project.git("config", "gpg.ssh.allowedSignersFile", str(allowed))
    project.git("verify-commit", REFERENCE)


def test_the_users_conditional_configuration_holds(project, home):
    key = ssh_key(home)
    (home / "work").write_text(
        f"[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = {key}\n[commit]\n\tgpgSign = true\n"
    )
    (home / "gitconfig").write_text(
        f'[includeIf "gitdir:{project.top.parent}/"]\n\tpath = {home}/work\n'
    )
    assert "-----BEGIN SSH SIGNATURE-----" in commit_of(project)


def test_the_repository_makes_nobody_sign(project, tmp_path):
    canary = tmp_path / "canary"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {shlex.quote(str(canary))}\nexit 1\n")
    program.chmod(0o755)
    project.git("config", "commit.gpgSign", "true")
    project.git("config", "gpg.program", str(program))
    assert "SIGNATURE" not in commit_of(project)
    assert not canary.exists()
    with shared_journal(find_repository(project.top)) as shared:
        (notice,) = shared.signing.notices
    assert "isn't signed" in notice


def test_the_repositorys_key_and_program_are_not_used(project, home, tmp_path):
    key = ssh_key(home)
    (home / "gitconfig").write_text(
        f"[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = {key}\n[commit]\n\tgpgSign = true\n"
    )
    canary = tmp_path / "canary"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {shlex.quote(str(canary))}\nexit 1\n")
    program.chmod(0o755)
    project.git("config", "gpg.ssh.program", str(program))
    project.git("config", "user.signingKey", "key::ssh-ed25519 AAAA")
    assert "-----BEGIN SSH SIGNATURE-----" in commit_of(project)
    assert not canary.exists()
    with shared_journal(find_repository(project.top)) as shared:
        (notice,) = shared.signing.notices
    assert "gpg.ssh.program" in notice
    assert "user.signingkey" in notice


def test_what_cannot_be_signed_is_not_made(project, home):
    (home / "gitconfig").write_text(
        "[gpg]\n\tformat = ssh\n[user]\n\tsigningKey = /nowhere/key\n[commit]\n\tgpgSign = true\n"
    )
    with pytest.raises(JournalError, match="can't be signed"):
        commit_of(project)
    assert project.git("for-each-ref", REFERENCE) == ""


def test_it_is_committed_as_the_user_says_and_not_the_repository(project, home):
    (home / "gitconfig").write_text("[user]\n\tname = Work Ada\n\temail = ada@work.example\n")
    project.git("config", "user.name", "Somebody Else")
    assert "author Work Ada <ada@work.example>" in commit_of(project)
