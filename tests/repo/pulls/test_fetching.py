"""Fetching a pull request into real clones; nothing of the user's changes."""

import base64
import hashlib
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.git_server import git_server
from tests.repo.builder import Builder
from tests.repo.pulls.conftest import Project
from xreview.domain.errors import ChangeError
from xreview.http.secret import Secret
from xreview.repo.pulls import fetching
from xreview.repo.pulls.fetching import FetchedSides, WantedSides, fetch_sides, pull_refs
from xreview.repo.pulls.side_folder import FetchAddress, SideFolder
from xreview.repo.repository import find_repository

NAME = ("127.0.0.1:80", "owner/project", "12")
REFS = "refs/xreview/pr/127.0.0.1_80/owner/project/12"
TOKEN = "t0ken-of-this-forge-only"


def wanted(forge: Project, *bases: str, token: str = "", **changed: str) -> WantedSides:
    address = FetchAddress(forge.url, "ada", Secret(token) if token else None)
    sides = WantedSides(NAME, address, "refs/pull/12/head", "refs/heads/main", bases)
    return replace(sides, **changed)


def fetched(clone: Builder, sides: WantedSides, store: Path) -> FetchedSides:
    return fetch_sides(find_repository(clone.top), sides, store)


def changed_paths(sides: FetchedSides) -> list[str]:
    words = ("diff", "--name-only", sides.base, sides.head)
    return sides.repository.start(*words).finish().checked().decode().split()


def state_of(top: Path, *, ours: bool = True) -> dict[str, str]:
    """A digest of each file, without objects and our references if `ours`."""
    return {
        str(path.relative_to(top)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(top.rglob("*"))
        if path.is_file()
        and not (ours and (".git/objects/" in str(path) or "refs/xreview/" in str(path)))
    }


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_a_full_clone_gets_both_sides_below_our_references_and_nothing_else(
    forge: Project, tmp_path: Path, store: Path
):
    clone = forge.clone(tmp_path / "clone")
    clone.write("a.txt", "uncommitted\n")
    before = state_of(clone.top)
    sides = fetched(clone, wanted(forge), store)
    assert (sides.head, sides.base, sides.is_base_gone) == (forge.head, forge.parted, False)
    assert changed_paths(sides) == ["a.txt", "new.txt"]
    assert state_of(clone.top) == before
    assert clone.rev(f"{REFS}/head") == forge.head
    assert clone.rev(f"{REFS}/base") == forge.base
    assert not store.exists()
    assert clone.git("fsck", "--strict") == ""


def test_a_shallow_clone_stays_as_it_is(forge: Project, tmp_path: Path, store: Path):
    clone = forge.clone(tmp_path / "clone", "--depth=1")
    assert find_repository(clone.top).is_shallow
    before = state_of(clone.top, ours=False)
    sides = fetched(clone, wanted(forge), store)
    assert (sides.head, sides.base) == (forge.head, forge.parted)
    assert changed_paths(sides) == ["a.txt", "new.txt"]
    assert state_of(clone.top, ours=False) == before
    log = sides.repository.start("rev-list", sides.head, f"^{sides.base}").finish().checked()
    assert len(log.split()) == 2


def test_a_deep_history_is_fetched_in_steps(
    forge: Project, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("xreview.repo.pulls.fetching.DEPTHS", (1, 3))
    clone = forge.clone(tmp_path / "clone", "--depth=1")
    sides = fetched(clone, wanted(forge), store)
    assert sides.base == forge.parted
    monkeypatch.setattr("xreview.repo.pulls.fetching.DEPTHS", (1,))
    with pytest.raises(ChangeError, match="no common ancestor"):
        fetched(clone, wanted(forge), tmp_path / "other")


def test_a_partial_clone_stays_as_it_is(forge: Project, tmp_path: Path, store: Path):
    clone = forge.clone(tmp_path / "clone", "--filter=blob:none", "--no-checkout")
    assert find_repository(clone.top).settings.is_partial_clone
    before = state_of(clone.top, ours=False)
    sides = fetched(clone, wanted(forge), store)
    printed = sides.repository.start("diff", sides.base, sides.head).finish().checked()
    assert b"+TWO" in printed
    assert state_of(clone.top, ours=False) == before


def test_a_clone_that_can_not_be_written_is_read_beside_a_store(
    forge: Project, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
):
    clone = forge.clone(tmp_path / "clone")
    before = state_of(clone.top, ours=False)
    monkeypatch.setattr("xreview.repo.pulls.fetching._is_writable", lambda objects: False)
    assert changed_paths(fetched(clone, wanted(forge), store)) == ["a.txt", "new.txt"]
    assert state_of(clone.top, ours=False) == before


def test_a_forced_push_moves_the_references(forge: Project, tmp_path: Path, store: Path):
    clone = forge.clone(tmp_path / "clone")
    fetched(clone, wanted(forge), store)
    forge.work.checkout("feature")
    forge.work.git("reset", "--quiet", "--hard", forge.parted)
    forge.work.write("other.txt", "other\n")
    head = forge.work.commit("anew")
    forge.push("feature:refs/pull/12/head")
    sides = fetched(clone, wanted(forge), store)
    assert sides.head == head == clone.rev(f"{REFS}/head")
    assert changed_paths(sides) == ["other.txt"]


def test_a_base_branch_that_is_gone_is_found_by_its_commit(
    forge: Project, tmp_path: Path, store: Path
):
    clone = forge.clone(tmp_path / "clone")
    gone = wanted(forge, forge.base, base_ref="refs/heads/renamed")
    sides = fetched(clone, gone, store)
    assert (sides.base, sides.is_base_gone) == (forge.parted, True)


def test_a_head_that_is_gone_is_said(forge: Project, tmp_path: Path, store: Path):
    clone = forge.clone(tmp_path / "clone")
    with pytest.raises(ChangeError, match="no longer has the commits"):
        fetched(clone, wanted(forge, head_ref="refs/pull/13/head"), store)


def test_a_merged_one_is_compared_with_what_it_was_merged_into(
    forge: Project, tmp_path: Path, store: Path
):
    forge.work.git("merge", "--quiet", "--no-ff", "-m", "merge", "feature")
    forge.push("main:refs/heads/main")
    clone = forge.clone(tmp_path / "clone")
    sides = fetched(clone, wanted(forge, forge.base), store)
    assert (sides.base, sides.head) == (forge.parted, forge.head)


def test_a_token_goes_into_a_header_and_into_no_file(forge: Project, tmp_path: Path, store: Path):
    clone = forge.clone(tmp_path / "clone")
    forge.server.wanted = "Basic " + base64.b64encode(f"ada:{TOKEN}".encode()).decode()
    forge.server.authorizations.clear()
    fetched(clone, wanted(forge, token=TOKEN), store)
    assert set(forge.server.authorizations) == {forge.server.wanted}
    kept = (path for path in tmp_path.rglob("*") if path.is_file())
    assert not any(TOKEN.encode() in path.read_bytes() for path in kept)


def test_a_token_is_in_no_argument(
    forge: Project, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
):
    clone = forge.clone(tmp_path / "clone")
    started: list[str] = []
    start = subprocess.Popen

    def noting(command: list[str], **given: object) -> object:
        started.append(" ".join(map(str, command)))
        return start(command, **given)  # type: ignore[call-overload]

    monkeypatch.setattr("xreview.repo.hardened.process.subprocess.Popen", noting)
    fetched(clone, wanted(forge, token=TOKEN), store)
    encoded = base64.b64encode(f"ada:{TOKEN}".encode()).decode()
    assert any(" fetch " in one for one in started)
    assert not any(TOKEN in one or encoded in one for one in started)


def test_no_proxy_sees_what_is_for_this_machine(
    forge: Project, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
):
    clone = forge.clone(tmp_path / "clone")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert fetched(clone, wanted(forge, token=TOKEN), store).head == forge.head


def test_ids_can_be_longer(tmp_path: Path, store: Path):
    work = Builder(tmp_path / "work", ("--object-format=sha256",))
    work.write("a.txt", "one\n")
    parted = work.commit("first")
    work.branch("feature")
    work.write("a.txt", "two\n")
    head = work.commit("second")
    bare = Builder(tmp_path / "served/owner/project.git", ("--bare", "--object-format=sha256"))
    with git_server(tmp_path / "served") as server:
        project = Project(server, bare, work, parted, parted, head)
        project.push("main:refs/heads/main", "feature:refs/pull/12/head")
        for words in ((), ("--depth=1",)):
            clone = project.clone(tmp_path / f"clone{len(words)}", *words)
            sides = fetched(clone, wanted(project), store)
            assert (sides.head, sides.base) == (head, parted)


@pytest.mark.parametrize("token", ["", "another-token-1234"])
def test_without_the_right_token_nobody_is_asked(
    forge: Project, tmp_path: Path, store: Path, token: str
):
    clone = forge.clone(tmp_path / "clone")
    forge.server.wanted = "Basic x"
    with pytest.raises(ChangeError) as refused:
        fetched(clone, wanted(forge, token=token), store)
    assert not token or token not in str(refused.value)


def test_another_host_gets_neither_question_nor_token(forge: Project, tmp_path: Path, store: Path):
    clone = forge.clone(tmp_path / "clone")
    with git_server(tmp_path / "served") as other:
        forge.server.elsewhere = other.origin
        with pytest.raises(ChangeError):
            fetched(clone, wanted(forge, token=TOKEN), store)
        assert other.authorizations == []


def test_the_repository_runs_nothing_and_chooses_no_way(
    forge: Project, tmp_path: Path, store: Path
):
    clone = forge.clone(tmp_path / "clone")
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\n")
    trap.chmod(0o755)
    for hook in ("reference-transaction", "post-checkout", "pre-auto-gc", "fsmonitor-watchman"):
        clone.link(f".git/hooks/{hook}", str(trap))
    settings = {
        "core.hooksPath": str(clone.top / ".git/hooks"),
        "core.sshCommand": str(trap),
        "core.fsmonitor": str(trap),
        "core.askPass": str(trap),
        "core.gitProxy": str(trap),
        "core.alternateRefsCommand": str(trap),
        "credential.helper": str(trap),
        "http.proxy": "http://127.0.0.1:1",
        f"http.{forge.server.origin}/.proxy": "http://127.0.0.1:1",
        f"url.ext::{trap} .insteadOf": forge.server.origin,
        "uploadpack.packObjectsHook": str(trap),
        "gc.auto": "1",
        "fetch.prune": "true",
        "remote.origin.fetch": "+refs/heads/*:refs/heads/*",
        "remote.origin.uploadpack": str(trap),
        "core.logAllRefUpdates": "always",
    }
    for key, value in settings.items():
        clone.git("config", key, value)
    before = state_of(clone.top)
    assert fetched(clone, wanted(forge), store).head == forge.head
    assert not sprung.exists()
    assert state_of(clone.top) == before


@pytest.mark.parametrize(
    "odd",
    [
        {"head_ref": "refs/heads/*"},
        {"head_ref": "--upload-pack=x"},
        {"base_ref": "refs/heads/a:refs/heads/main"},
        {"base_ref": "refs/heads/a b"},
        {"base_ref": "refs/heads/a..b"},
        {"bases": ("main:refs/heads/main",)},
        {"bases": ("abc",)},
    ],
)
def test_a_forge_can_not_name_other_references(forge: Project, odd: dict[str, str]):
    with pytest.raises(ChangeError, match="can't fetch"):
        wanted(forge, **odd)


def test_a_worktree_of_a_clone_fetches_into_the_clone(forge: Project, tmp_path: Path, store: Path):
    clone = forge.clone(tmp_path / "clone")
    clone.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    repository = find_repository(tmp_path / "linked")
    assert fetch_sides(repository, wanted(forge), store).head == forge.head
    assert clone.rev(f"{REFS}/head") == forge.head


PARTS = st.text(
    st.characters(codec="ascii", exclude_characters="\0/"), min_size=1, max_size=12
).filter(lambda part: part.strip())


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_any_name_becomes_a_reference(parts: list[str]):
    name = f"{pull_refs(('host', '/'.join(parts), '1'))}/head"
    assert subprocess.run(["git", "check-ref-format", name], check=False).returncode == 0
    assert name.startswith("refs/xreview/pr/host/")


def test_names_that_differ_stay_apart():
    assert pull_refs(("h", "a/b.lock", "1")) == "refs/xreview/pr/h/a/b.lock_/1"
    assert pull_refs(("[::1]:80", ".a/b", "1")) == "refs/xreview/pr/___1__80/_a/b/1"


def test_what_a_killed_fetch_left_in_a_store_stops_no_later_one(
    forge: Project, tmp_path: Path, store: Path
):
    clone = forge.clone(tmp_path / "clone", "--depth=1")
    fetched(clone, wanted(forge), store)
    (store / "HEAD").unlink()
    left = [store / "shallow.lock", store / "packed-refs.lock", store / "refs/xreview/head.lock"]
    left.append(store / "objects/pack/tmp_pack_x1")
    for one in left:
        one.write_bytes(b"half")
    forge.work.checkout("feature")
    forge.work.write("new.txt", "newer\n")
    head = forge.work.commit("once more")
    forge.push("feature:refs/pull/12/head")
    assert fetched(clone, wanted(forge), store).head == head
    assert not any(one.exists() for one in left)


def test_a_lock_that_git_left_in_the_repository_costs_the_names_only(
    forge: Project, tmp_path: Path, store: Path
):
    clone = forge.clone(tmp_path / "clone")
    fetched(clone, wanted(forge), store)
    left = clone.top / ".git" / f"{REFS}/head.lock"
    left.write_bytes(b"")
    assert fetched(clone, wanted(forge), store).head == forge.head
    assert left.exists(), "it can be another git's"


def test_two_pull_requests_are_never_mixed_up_in_one_store(
    forge: Project, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
):
    clone = forge.clone(tmp_path / "clone", "--depth=1")
    forge.push(f"{forge.parted}:refs/pull/13/head")
    between: list[str] = []
    read = fetching._ids_in

    def while_another_fetches(side: SideFolder) -> tuple[str, str]:
        monkeypatch.setattr(fetching, "_ids_in", read)
        other = wanted(forge, head_ref="refs/pull/13/head")
        with ThreadPoolExecutor(1) as pool:
            refused = pool.submit(fetched, clone, other, store)
        with pytest.raises(ChangeError, match="still fetching"):
            refused.result()
        between.append("refused")
        return read(side)

    monkeypatch.setattr("xreview.repo.pulls.stores.WAIT_SECONDS", 0.0)
    monkeypatch.setattr(fetching, "_ids_in", while_another_fetches)
    assert fetched(clone, wanted(forge), store).head == forge.head
    assert between == ["refused"]


def _packet(text: str) -> bytes:
    return f"{len(text) + 4:04x}{text}".encode()


@pytest.mark.parametrize("is_git", [True, False])
def test_a_forge_that_repeats_the_token_gets_it_shown_nowhere(
    forge: Project, tmp_path: Path, store: Path, *, is_git: bool
):
    clone = forge.clone(tmp_path / "clone")
    encoded = base64.b64encode(f"ada:{TOKEN}".encode()).decode()
    said = f"error: you said {TOKEN} and {encoded}\n"
    forge.server.says = (500, "text/plain", said.encode())
    if is_git:
        media = "application/x-git-upload-pack-advertisement"
        forge.server.says = (200, media, _packet(f"ERR {said}"))
    with pytest.raises(ChangeError) as refused:
        fetched(clone, wanted(forge, token=TOKEN), store)
    assert "you said" in refused.value.message or not is_git
    shown = f"{refused.value}{refused.value!r}"
    assert TOKEN not in shown
    assert encoded not in shown
