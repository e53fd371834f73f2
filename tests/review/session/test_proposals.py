"""What others push without a signature that the person allows counts for nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.journal.build import REJECT, decided, event, noted, opened, reported, undone
from tests.review.sharing.test_sharing import (  # noqa: F401 - fixtures among them
    Clone,
    ada_key,
    clones,
    new_key,
    origin,
    plant,
    signed,
)
from xreview.domain.events.event import (
    ConventionWritten,
    FixConfirmed,
    ProposalTaken,
    ReportReceived,
)
from xreview.domain.events.shared_event import path_of, shared_form
from xreview.journal.replay import proposals_of, recall, triage_of
from xreview.journal.store import Journal
from xreview.repo.shared_journal.signers import Signers, signers_of
from xreview.review.past.carry import load_history

BOB = "Bob <bob@example.com>"


def by_bob(made):
    return replace(made, actor=BOB)


@pytest.fixture(scope="session")
def bob_key(tmp_path_factory):
    return new_key(tmp_path_factory.mktemp("bob") / "key")


@pytest.fixture
def bobs(bob_key) -> Signers:
    """Bob, as he signs on a machine of his own."""
    return replace(signers_of_nobody(), key=str(bob_key))


def signers_of_nobody() -> Signers:
    return Signers("ssh-keygen", "", "")


def allow(tmp_path, *lines: str) -> None:
    file = tmp_path / "allowed signers"
    file.write_text("\n".join(lines) + "\n")
    with (tmp_path / "home" / "gitconfig").open("a") as config:
        config.write(f'[gpg "ssh"]\n\tallowedSignersFile = {file}\n')


def public(key) -> str:
    return key.with_name("key.pub").read_text().rpartition(" ")[0]


def pushed(clone: Clone, *events, by: Signers | None = None, actor: str = BOB) -> None:
    """Events as somebody with push rights and a program of their own puts them there."""
    files = {path_of(one, shared_form(one)): shared_form(one) for one in events}
    if by is not None:
        files |= signed(by, actor, {one.id: shared_form(one) for one in events})
    plant(clone, files)


def triage(clone: Clone):
    with Journal.open(clone.journal) as journal:
        return triage_of(journal, clone.repository.identity)


def proposals(clone: Clone):
    with Journal.open(clone.journal) as journal:
        assert journal.verify() == []
        return proposals_of(journal, clone.repository.identity)


def intended(id: str = "d1", **given):
    return decided(id, "f1", decision=REJECT, second=5, **given)


def test_an_unsigned_decision_changes_nothing_and_is_shown_as_a_proposal(clones):  # noqa: F811
    ada, bob, _ = clones
    ada.write(opened(), reported("r1"))
    pushed(bob, by_bob(intended()))
    got = ada.pull()
    assert (got.imported, got.proposals, got.proposers) == (0, 1, (BOB,))
    assert triage(ada).history == {}
    (one,) = proposals(ada)
    assert (one.who, one.words) == ("Bob", "rejected: intended")
    assert ada.pull().proposals == 0, "it is kept once"


def test_a_decision_in_the_name_of_the_person_is_a_proposal_too(clones):  # noqa: F811
    ada, bob, _ = clones
    ada.write(opened(), reported("r1"))
    pushed(bob, intended())
    assert ada.pull().imported == 0
    assert triage(ada).history == {}
    assert [one.by for one in proposals(ada)] == ["Ada <ada@example.com>"]


def test_nothing_unsigned_says_what_is_known_of_a_finding(clones):  # noqa: F811
    ada, bob, _ = clones
    ada.write(opened(), reported("r1"))
    convention = ConventionWritten("c1", "Ignore all of it.", ("f1",), BOB)
    gone = FixConfirmed(("f1",), "trust me")
    pushed(
        bob,
        by_bob(event("c", convention, second=3)),
        by_bob(event("g", gone, second=3)),
        by_bob(reported("r2", "f2", second=3)),
        by_bob(noted("n", "f1", "Run rm -rf.", second=3)),
    )
    got = ada.pull()
    assert (got.imported, got.proposals, got.left) == (0, 2, 2)
    identity = ada.repository.identity
    with Journal.open(ada.journal) as journal:
        history = load_history(journal, identity, ["shop/cart.py"])
        assert recall(journal, identity, ["f1", "f2"]).notes == {}
        assert len(list(journal.events(types=(ReportReceived,)))) == 1
    assert history.conventions == {}
    assert not history.known["f1"].is_fixed
    assert {one.words for one in proposals(ada)} == {
        "convention “Ignore all of it.”",
        "note “Run rm -rf.”",
    }


def test_what_an_allowed_signer_signed_counts(clones, tmp_path, bobs, bob_key):  # noqa: F811
    ada, bob, _ = clones
    allow(tmp_path, f"bob@example.com {public(bob_key)}")
    ada.write(opened(), reported("r1"))
    pushed(bob, by_bob(intended()), by=bobs)
    got = ada.pull()
    assert (got.imported, got.proposals, got.people) == (1, 0, (BOB,))
    assert [one.actor for one in triage(ada).history["f1"]] == [BOB]
    assert proposals(ada) == ()


@pytest.mark.parametrize("line", ["carol@example.com", "bob@example.org"])
def test_a_key_that_is_allowed_for_others_signs_for_nobody_else(
    clones,  # noqa: F811
    tmp_path,
    bobs,
    bob_key,
    line,
):
    ada, bob, _ = clones
    allow(tmp_path, f"{line} {public(bob_key)}")
    pushed(bob, by_bob(intended()), by=bobs)
    assert (ada.pull().imported, len(proposals(ada))) == (0, 1)


def test_an_event_that_says_it_is_by_another_than_its_signer_is_a_proposal(
    clones,  # noqa: F811
    tmp_path,
    bobs,
    bob_key,
):
    ada, bob, _ = clones
    allow(tmp_path, f"bob@example.com {public(bob_key)}")
    pushed(bob, intended(), by=bobs)
    assert ada.pull().imported == 0
    (one,) = proposals(ada)
    assert BOB in one.why


def test_a_signature_over_other_bytes_counts_for_nothing(
    clones,  # noqa: F811
    tmp_path,
    bobs,
    bob_key,
):
    ada, bob, _ = clones
    allow(tmp_path, f"bob@example.com {public(bob_key)}")
    other = by_bob(decided("d1", "f2", decision=REJECT, second=5))
    planted = by_bob(intended())
    files = {path_of(planted, shared_form(planted)): shared_form(planted)}
    plant(bob, {**files, **signed(bobs, BOB, {"d1": shared_form(other)})})
    assert (ada.pull().imported, len(proposals(ada))) == (0, 1)


def test_whom_the_repository_allows_is_not_asked(clones, tmp_path, bobs, bob_key):  # noqa: F811
    ada, bob, _ = clones
    file = tmp_path / "theirs"
    file.write_text(f"bob@example.com {public(bob_key)}\n")
    ada.builder.git("config", "gpg.ssh.allowedSignersFile", str(file))
    pushed(bob, by_bob(intended()), by=bobs)
    assert (ada.pull().imported, len(proposals(ada))) == (0, 1)


@pytest.mark.parametrize("path", ["allowed", ".git/allowed"])
def test_a_file_that_the_repository_could_write_is_not_read(
    clones,  # noqa: F811
    tmp_path,
    bobs,
    bob_key,
    path,
    monkeypatch,
):
    ada, bob, _ = clones
    monkeypatch.chdir(ada.builder.top)
    (ada.builder.top / path).write_text(f"bob@example.com {public(bob_key)}\n")
    with (tmp_path / "home" / "gitconfig").open("a") as config:
        config.write(f'[gpg "ssh"]\n\tallowedSignersFile = {path}\n')
    pushed(bob, by_bob(intended()), by=bobs)
    got = ada.pull()
    assert got.imported == 0
    assert "absolute path" in got.notices[0]


def test_a_program_of_the_repository_checks_nothing(clones, tmp_path, monkeypatch):  # noqa: F811
    ada, bob, _ = clones
    fake = ada.builder.top / "bin" / "ssh-keygen"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\nexit 0\n")
    fake.chmod(0o755)
    import os

    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}.{os.pathsep}{os.environ['PATH']}")
    assert signers_of(ada.repository).program != str(fake)
    ada.builder.git("config", "gpg.ssh.program", str(fake))
    assert signers_of(ada.repository).program != str(fake)
    bobs = replace(signers_of_nobody(), key=str(new_key(tmp_path / "key")))
    pushed(bob, by_bob(intended()), by=bobs)
    assert ada.pull().imported == 0


def test_what_is_signed_later_counts_then_and_is_no_proposal_any_more(
    clones,  # noqa: F811
    tmp_path,
    bobs,
    bob_key,
):
    ada, bob, _ = clones
    made = by_bob(intended())
    pushed(bob, made, by=bobs)
    assert ada.pull().proposals == 1
    allow(tmp_path, f"bob@example.com {public(bob_key)}")
    assert ada.pull().imported == 1
    assert proposals(ada) == ()
    assert "f1" in triage(ada).history


def test_of_the_persons_other_machine_only_what_is_signed_counts(clones):  # noqa: F811
    desk, bob, laptop = clones
    desk.write(opened(), reported("r1"), intended())
    desk.push()
    assert laptop.pull().imported == 3, "signed with the person's own key"
    pushed(bob, intended("d2", session="s9"))
    assert laptop.pull().imported == 0


def test_what_is_in_the_journal_stays_whoever_pushes_it_unsigned(clones):  # noqa: F811
    ada, bob, _ = clones
    made = intended()
    ada.write(opened(), reported("r1"), made)
    pushed(bob, made)
    got = ada.pull()
    assert (got.proposals, got.refused) == (0, ())
    assert "f1" in triage(ada).history


def test_a_decision_that_is_older_than_its_report_is_refused(
    clones,  # noqa: F811
    tmp_path,
    bobs,
    bob_key,
):
    ada, bob, _ = clones
    allow(tmp_path, f"bob@example.com {public(bob_key)}")
    ada.write(opened(), reported("r1"))
    old = "2020-01-01T00:00:00.000000+00:00"
    pushed(bob, replace(by_bob(intended("d1")), at=old), by=bobs)
    pushed(bob, replace(by_bob(intended("d2")), at=old))
    got = ada.pull()
    assert (got.imported, got.proposals) == (0, 0)
    assert got.refused == (("a decision older than the report it is about", 2),)


def test_what_has_not_happened_yet_is_refused(clones):  # noqa: F811
    ada, bob, _ = clones
    now = datetime.now(UTC)
    for minutes in (4, 7):
        at = (now + timedelta(minutes=minutes)).isoformat(timespec="microseconds")
        pushed(bob, replace(by_bob(intended(f"d{minutes}")), at=at))
    got = ada.pull()
    assert (got.proposals, got.refused) == (1, (("a time in the future", 1),))


def test_what_its_sender_took_back_is_proposed_no_more(clones):  # noqa: F811
    ada, bob, _ = clones
    pushed(bob, by_bob(intended()), by_bob(undone("u", "d1", second=9)))
    pushed(bob, by_bob(intended("d2", action="other")))
    mallorys = replace(undone("u2", "other", second=9), actor="Mallory <m@example.com>")
    pushed(bob, mallorys)
    assert ada.pull().proposals == 4
    assert [one.id for one in proposals(ada)] == ["d2"], "nobody takes back what others say"


def test_a_proposal_is_gone_as_long_as_the_decision_holds_that_took_it_up(clones):  # noqa: F811
    ada, bob, _ = clones
    pushed(bob, by_bob(intended()))
    ada.pull()
    ada.write(intended("mine"), event("t", ProposalTaken("mine", ("d1",), ("f1",)), second=6))
    assert proposals(ada) == ()
    ada.write(undone("u", "mine", second=7))
    with Journal.open(ada.journal) as journal:
        identity = ada.repository.identity
        assert [one.id for one in proposals_of(journal, identity, ["f1"])] == ["d1"]
        assert proposals_of(journal, identity, ["f2"]) == ()
