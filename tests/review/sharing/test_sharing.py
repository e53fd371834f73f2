"""Sharing the journal through real repositories on disk."""

import json
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.journal.build import (
    ACCEPT,
    REJECT,
    decided,
    event,
    noted,
    opened,
    reported,
    undone,
)
from tests.repo.builder import Builder, isolate
from xreview.domain.change import ChangeKind
from xreview.domain.errors import JournalError, UsageError
from xreview.domain.events.codec import to_json
from xreview.domain.events.event import Event, Exported, FixApplied, FixJudged, FixStarted
from xreview.domain.events.shared_event import event_key, path_of, shared_form
from xreview.domain.events.shared_push import PushRecord, content_digest
from xreview.domain.fixing.fixer import MECHANICAL
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.state import FixState
from xreview.journal.replay import fixes_of
from xreview.journal.store import Journal
from xreview.repo.repository import find_repository
from xreview.repo.shared_journal import journal_ref
from xreview.repo.shared_journal.journal_ref import REFERENCE, shared_journal
from xreview.repo.shared_journal.signers import Signers, signers_of
from xreview.review.sharing import sharing


def agree(direction, addresses) -> None:
    """The person says yes."""


@dataclass
class Clone:
    """One person's clone and journal."""

    builder: Builder
    remote: Path

    @property
    def repository(self):
        return find_repository(self.builder.top)

    @property
    def journal(self) -> Path:
        return self.builder.home / "journal.sqlite3"

    def write(self, *events: Event) -> None:
        own = [replace(event, repository=self.repository.identity) for event in events]
        with Journal.open(self.journal) as journal:
            journal.append(own)

    def events(self) -> list[Event]:
        """What the journal holds of this repository, without its local name."""
        with Journal.open(self.journal) as journal:
            assert journal.verify() == []
            found = list(journal.events(repository=self.repository.identity))
        return [replace(event, repository="") for event in found]

    def push(self, confirm=agree):
        return sharing.push(
            self.journal, self.repository, str(self.remote), self.builder.top, confirm
        )

    def pull(self, confirm=agree):
        return sharing.pull(
            self.journal, self.repository, str(self.remote), self.builder.top, confirm
        )

    def files(self) -> set[str]:
        return set(
            self.builder.git("ls-tree", "-r", "--name-only", REFERENCE, check=False).splitlines()
        )


def bare(folder: Path, *words: str) -> Path:
    subprocess.run(["git", "init", "--quiet", "--bare", *words, str(folder)], check=True)
    return folder


def new_key(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path


@pytest.fixture(scope="session")
def ada_key(tmp_path_factory) -> Path:
    return new_key(tmp_path_factory.mktemp("ada") / "key")


@pytest.fixture
def origin(tmp_path, monkeypatch, ada_key) -> Builder:
    """The first repository; all who clone it are Ada, who signs with her key."""
    home = isolate(monkeypatch, tmp_path / "home")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Ada")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "ada@example.com")
    (home / "gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.com\n"
        f"\tsigningKey = {ada_key}\n[gpg]\n\tformat = ssh\n"
    )
    builder = Builder(tmp_path / "origin")
    builder.write("a.txt", "one\n")
    builder.commit("first")
    return builder


@pytest.fixture
def clones(tmp_path, origin) -> list[Clone]:
    remote = bare(tmp_path / "shared.git")
    return [Clone(origin.clone(tmp_path / name), remote) for name in ("ada", "bob", "cy")]


def ids(events) -> set[str]:
    return {event.id for event in events}


def test_what_one_pushes_the_other_gets(clones):
    ada, bob, _ = clones
    ada.write(opened(), reported("r1", second=1), decided("d1", "f1", second=2))
    sent = ada.push()
    assert (sent.sent, sent.total, sent.is_signed) == (3, 3, True)
    got = bob.pull()
    assert (got.found, got.imported, got.newer, got.refused) == (True, 3, 0, ())
    assert got.people == ("Ada <ada@example.com>",)
    assert bob.events() == ada.events()
    assert ada.push().sent == 0
    assert bob.pull().imported == 0
    assert bob.push().sent == 0


def test_the_remote_holds_no_local_path(clones):
    ada, bob, _ = clones
    ada.write(
        replace(opened(), payload=replace(opened().payload, repository_top="/home/ada/shop")),
        replace(opened(), id="x", payload=Exported("json", "/home/ada/out.json", {}, 1)),
    )
    assert ada.push().sent == 1
    tree = subprocess.run(
        ["git", "-C", bob.remote, "archive", REFERENCE], capture_output=True, check=True
    ).stdout
    assert b"/home/ada" not in tree
    assert str(ada.builder.top).encode() not in tree
    bob.pull()
    assert ids(bob.events()) == {"s1/opened"}


STARTED = FixStarted("x1", MECHANICAL, "t", (("f1",),))
JUDGED = FixJudged("x1", ("f1",), FixOutcome.FIXED, "quote changed")
APPLIED = FixApplied("a1", "x1", ("f1",), ("a.txt",), True)


def test_what_fixers_did_stays_here(clones):
    ada, bob, _ = clones
    fixes = [event(f"x{n}", one, second=2) for n, one in enumerate((STARTED, JUDGED, APPLIED))]
    ada.write(opened(), reported("r1", second=1), *fixes)
    assert ada.push().sent == 2
    assert bob.pull().imported == 2
    with Journal.open(bob.journal) as journal:
        assert fixes_of(journal, bob.repository.identity, {"f1"}) == FixState()
    with Journal.open(ada.journal) as journal:
        found = fixes_of(journal, ada.repository.identity, {"f1"})
    assert found.by_fingerprint["f1"].is_working


def test_of_an_attempts_review_only_decisions_are_sent(clones):
    ada, bob, _ = clones
    of_attempt = opened("s2")
    of_attempt = replace(of_attempt, payload=replace(of_attempt.payload, kind=ChangeKind.ATTEMPT))
    ada.write(
        opened(),
        of_attempt,
        reported("r2", session="s2", second=1),
        decided("d2", "f1", session="s2", second=2),
    )
    assert ada.push().sent == 2
    assert bob.pull().imported == 2
    assert ids(bob.events()) == {"s1/opened", "d2"}


def test_an_empty_remote_is_not_an_error(clones):
    got = clones[0].pull()
    assert (got.found, got.imported) == (False, 0)
    assert clones[0].push().sent == 0


def test_both_pushed_and_both_get_all(clones):
    ada, bob, cy = clones
    ada.write(opened("a"), decided("d1", "f1", session="a", second=1))
    bob.write(opened("b"), decided("d2", "f1", session="b", decision=REJECT, second=2))
    ada.push()
    bob.push()
    ada.pull()
    bob.pull()
    cy.pull()
    assert ids(ada.events()) == ids(bob.events()) == ids(cy.events())
    assert ada.files() == bob.files() == cy.files()
    ada.builder.git("fsck", "--strict")


def test_the_loser_of_a_race_unites_and_tries_again(clones, monkeypatch):
    ada, bob, cy = clones
    ada.write(decided("d1", "f1", session="a"))
    bob.write(decided("d2", "f2", session="b"))
    bob.push()
    plain = journal_ref.SharedJournal.fetch
    raced = []

    def slow(self, remote):
        tip = plain(self, remote)
        if not raced:
            raced.append(cy)
            cy.write(decided("d3", "f3", session="c"))
            monkeypatch.setattr(journal_ref.SharedJournal, "fetch", plain)
            cy.push()
        return tip

    monkeypatch.setattr(journal_ref.SharedJournal, "fetch", slow)
    assert ada.push().total == 3
    assert raced
    bob.pull()
    assert ids(bob.events()) == {"d1", "d2", "d3"}


def test_a_race_that_is_always_lost_ends_with_a_sentence(clones, monkeypatch):
    ada, bob, _ = clones
    ada.write(decided("d1", "f1"))
    count = iter(range(100))
    plain = journal_ref.SharedJournal.fetch

    def outrun(self, remote):
        tip = plain(self, remote)
        if self._repository.folder == ada.builder.top:
            bob.write(decided(f"b{next(count)}", "f2", session="b"))
            bob.push()
        return tip

    monkeypatch.setattr(journal_ref.SharedJournal, "fetch", outrun)
    with pytest.raises(JournalError, match="nothing was pushed"):
        ada.push()


def test_nothing_is_spoken_to_before_it_is_confirmed(clones):
    ada = clones[0]
    ada.write(decided("d1", "f1"))

    def refuse(direction, addresses):
        assert [address.url for address in addresses] == [str(ada.remote)]
        raise UsageError("no")

    for what in (ada.push, ada.pull):
        with pytest.raises(UsageError, match="no"):
            what(refuse)
    assert not list((ada.remote / "objects").rglob("*.pack"))
    assert ada.files() == set()


def test_another_repositorys_journal_is_refused(clones, tmp_path):
    ada = clones[0]
    ada.write(decided("d1", "f1"))
    ada.push()
    other = Builder(tmp_path / "other")
    other.write("b.txt", "another\n")
    other.commit("another first")
    stranger = Clone(other, ada.remote)
    stranger.write(decided("d9", "f9"))
    for what in (stranger.push, stranger.pull):
        with pytest.raises(UsageError, match="another repository"):
            what()
    assert ids(stranger.events()) == {"d9"}


def plant(clone: Clone, files: dict[str, bytes]) -> None:
    """Push files as someone with a program of their own would."""
    with shared_journal(clone.repository) as shared:
        remote = shared.remote(str(clone.remote), sharing.TransferDirection.PUSH, clone.builder.top)
        theirs = shared.fetch(remote)
        together = {**shared.files(theirs), **shared.store(files)}
        shared.push(remote, shared.commit(together, [theirs] if theirs else [], "planted\n"))


def signed_by_ada(clone: Clone, contents: dict[str, bytes]) -> dict[str, bytes]:
    """The record of a push of these files, by event id, signed with the user's key."""
    return signed(signers_of(clone.repository), "Ada <ada@example.com>", contents)


def signed(signers: Signers, actor: str, contents: dict[str, bytes]) -> dict[str, bytes]:
    digests = {event_key(id): content_digest(content) for id, content in contents.items()}
    record = PushRecord(actor, "2025-11-21T10:00:00.000000+00:00", digests)
    return dict([replace(record, signature=signers.sign(record.signed_text)).file])


def test_hostile_files_are_counted_and_not_imported(clones):
    ada, bob, cy = clones
    ada.write(decided("d1", "f1"))
    ada.push()
    good = decided("d2", "f2", session="x")
    form = json.loads(shared_form(good))

    def altered(**changes) -> bytes:
        return (json.dumps({**form, **changes}, sort_keys=True) + "\n").encode()

    bad = [
        altered(at="9999-01-01T00:00:00.000000+00:00"),
        altered(at="2025-11-21T10:00:00"),
        altered(id="d3"),
        altered(session=7),
        altered(more=1),
        altered(version=True),
        altered(
            type="exported", payload={"format": "a", "target": "b", "selection": {}, "count": 1}
        ),
        altered(type="sessions-pruned", payload={}),
        altered(type="fix-judged", payload=to_json(JUDGED)),
        altered(type="fix-applied", payload=to_json(APPLIED)),
        altered(payload={"action": "a", "subjects": "f1", "verdict": "accept", "reason": "fix"}),
        altered(payload={**form["payload"], "verdict": "reject"}),
        b"not json\n",
        b"[" * 100_000,
        b'{"id": NaN}\n',
        b"\xff\xfe\n",
    ]
    files = {path_of(good, content): content for content in bad}
    files[path_of(good, b"other")] = shared_form(good)
    newer = altered(type="from-the-future", version=1)
    files[path_of(good, newer)] = newer
    plant(bob, files)
    got = cy.pull()
    assert ids(cy.events()) == {"d1"}
    assert got.newer == 1
    assert sum(count for _, count in got.refused) == len(bad) + 1
    assert got.proposals == 0
    assert path_of(good, newer) in cy.files(), "kept for a program that knows it"
    assert path_of(good, b"other") not in cy.files()


def test_one_id_with_two_contents_is_said_and_the_local_one_stays(clones):
    ada, bob, cy = clones
    ada.write(decided("d1", "f1", decision=ACCEPT))
    ada.push()
    forged = decided("d1", "f1", decision=REJECT)
    content = shared_form(forged)
    plant(bob, {path_of(forged, content): content})
    got = cy.pull()
    assert (got.imported, got.proposals) == (1, 0)
    assert got.refused == (("an id with two contents", 1),)
    ada.pull()
    (event,) = ada.events()
    assert event.payload.decision == ACCEPT


def test_links_submodules_and_trees_without_end_are_left_out(clones):
    ada, bob, _ = clones
    git = bob.builder.git
    blob = git("hash-object", "-w", "--stdin", input=b"/etc/passwd")
    name = path_of(decided("d1"), b"x").rpartition("/")[2]
    leaf = git("mktree", input=f"120000 blob {blob}\t{name}\n100755 blob {blob}\tx\n".encode())
    tree = leaf
    for folder in ("0" * 30, "00", "events"):
        tree = git("mktree", input=f"040000 tree {tree}\t{folder}\n".encode())
    commit = git("commit-tree", tree, "-m", "links")
    git("push", "--quiet", str(bob.remote), f"{commit}:{REFERENCE}")
    got = ada.pull()
    assert (got.imported, got.refused) == (0, (("content doesn't match the name", 2),))
    ada.write(decided("d1", "f1"))
    assert ada.push().total == 1
    assert len(ada.files()) == 3, "the event, the first commit, the record of the push"


def test_a_bomb_of_trees_is_refused_soon(clones, monkeypatch):
    ada, bob, _ = clones
    monkeypatch.setattr("xreview.repo.shared_journal.journal_tree.MOST_LEFT_OUT", 100)
    git = bob.builder.git
    tree = git("mktree", input=b"")
    blob = git("hash-object", "-w", "--stdin", input=b"x")
    tree = git("mktree", input=f"100644 blob {blob}\tx\n".encode())
    for _ in range(9):
        rows = "".join(f"040000 tree {tree}\td{number}\n" for number in range(10))
        tree = git("mktree", input=rows.encode())
    commit = git("commit-tree", tree, "-m", "bomb")
    git("push", "--quiet", str(bob.remote), f"{commit}:{REFERENCE}")
    with pytest.raises(JournalError, match="too many files"):
        ada.pull()


def test_a_bomb_of_empty_trees_lists_nothing_and_is_given_up(clones, monkeypatch):
    ada, bob, _ = clones
    monkeypatch.setattr("xreview.repo.shared_journal.journal_ref.LISTING_SECONDS", 0.3)
    git = bob.builder.git
    tree = git("mktree", input=b"")
    for _ in range(9):
        rows = "".join(f"040000 tree {tree}\td{number}\n" for number in range(10))
        tree = git("mktree", input=rows.encode())
    commit = git("commit-tree", tree, "-m", "bomb")
    git("push", "--quiet", str(bob.remote), f"{commit}:{REFERENCE}")
    with pytest.raises(JournalError, match="can't be a shared journal"):
        ada.pull()


def test_a_tree_as_deep_as_can_be_is_refused(clones):
    ada, bob, _ = clones
    git = bob.builder.git
    blob = git("hash-object", "-w", "--stdin", input=b"x")
    tree = git("mktree", input=f"100644 blob {blob}\tx\n".encode())
    for _ in range(300):
        tree = git("mktree", input=f"040000 tree {tree}\t{'d' * 240}\n".encode())
    commit = git("commit-tree", tree, "-m", "deep")
    git("push", "--quiet", str(bob.remote), f"{commit}:{REFERENCE}")
    with pytest.raises(JournalError, match="can't be a shared journal"):
        ada.pull()


def test_what_is_too_much_at_once_is_taken_by_several_pulls(clones, monkeypatch):
    ada, bob, _ = clones
    ada.write(*(decided(f"d{number}", "f1", second=number) for number in range(20)))
    ada.push()
    monkeypatch.setattr("xreview.repo.shared_journal.journal_tree.MOST_READ_BYTES", 4000)
    first = bob.pull()
    assert "too large to read at once" in first.notices[-1]
    assert first.proposals == 0
    bob.write(decided("own", "f2"))
    monkeypatch.setattr("xreview.repo.shared_journal.journal_tree.MOST_READ_BYTES", 1000)
    with pytest.raises(JournalError, match="too large"):
        bob.push()
    for _ in range(12):
        if not bob.pull().notices:
            break
    assert bob.files() == ada.files()
    assert len(bob.events()) == 21
    assert bob.push().sent == 1


def test_a_session_that_goes_on_is_pulled_on(clones):
    ada, bob, _ = clones
    ada.write(opened(), decided("d1", "f1", second=1))
    ada.push()
    bob.pull()
    ada.write(undone("u1", "d1", second=2), noted("n1", "f1", "no", second=3))
    assert ada.push().sent == 2
    assert bob.pull().imported == 2
    assert bob.events() == ada.events()


def test_a_sha256_repository_is_shared_too(tmp_path, origin):
    builder = Builder(tmp_path / "long", init=("--object-format=sha256",))
    builder.write("a.txt", "one\n")
    builder.commit("first")
    clone = Clone(builder, bare(tmp_path / "long.git", "--object-format=sha256"))
    clone.write(decided("d1", "f1"))
    assert clone.push().sent == 1
    other = Clone(builder.clone(tmp_path / "other"), clone.remote)
    assert other.pull().imported == 1


def test_an_older_programs_events_are_the_same_events(clones):
    ada, bob, _ = clones
    event = decided("d1", "f1")
    form = json.loads(shared_form(event))
    del form["payload"]["until"]
    older = (
        json.dumps({**form, "version": 1}, sort_keys=True, separators=(",", ":")) + "\n"
    ).encode()
    plant(bob, {path_of(event, older): older, **signed_by_ada(ada, {event.id: older})})
    assert ada.pull().imported == 1
    assert ada.events() == [replace(event, repository="")]
    assert ada.push().sent == 0
