"""The whole flow without an interface, with a model behind a loopback server."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.provider_server import anthropic as double
from tests.fakes.provider_server import chat
from tests.fakes.provider_server import openai as gpt_double
from tests.fakes.provider_server.server import ProviderServer
from tests.repo.builder import Builder, isolate
from tests.review.asking.test_reviewer import finding
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.disagreement.fold import findings_of
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.change import Change, ChangeKind, ChangeSource
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import ReviewerError
from xreview.domain.events.event import ReportReceived
from xreview.domain.finding import Disagreement
from xreview.domain.report import Lens, ReviewerKind
from xreview.domain.stance import StanceKind
from xreview.export.format import export_formats
from xreview.hardening.address import address_of
from xreview.journal.store import Journal
from xreview.models.http.socket_owner import SocketOwner, Whose
from xreview.ports.failure import ModelError
from xreview.ports.provider import ReviewerSettings
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.headless import review_once
from xreview.review.assembly.run_options import RunOptions
from xreview.review.record.document import stored_document
from xreview.review.session.ledger import Ledger
from xreview.review.session.session import ReviewSession, Surroundings
from xreview.review.session.snapshot import ReviewerState, ReviewSnapshot
from xreview.review.session.surroundings import new_id, now

KEY = "sk-ant-test-Zq3R8vXk1LmT0pWd"
CODE = "total = 0\n\n\ndef add(price):\n    global total\n    total += price\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")

    builder = Builder(tmp_path / "project")
    builder.write("README.md", "# Shop\n")
    builder.commit("first")
    builder.write("cart.py", CODE)
    builder.commit("add the cart\n\nPrices are in cents.")
    return builder


@pytest.fixture
async def server():
    async with ProviderServer() as running:
        said = json.dumps({"findings": [finding("cart.py", "    total += price")]})
        running.on(double.PATH, double.message(double.text(said)))
        yield running


def options(tmp_path: Path, server: ProviderServer, **changed: Any) -> RunOptions:
    opus = ReviewerSettings(
        "opus", "anthropic", "claude-opus-5-5", base_url=server.url, key_variable="KEY"
    )
    data = tmp_path / "data"
    return replace(
        RunOptions(
            Settings(reviewers={"opus": opus}),
            Folders(data / "config", data, data / "cache", data / "state"),
            {"KEY": KEY},
            said=AuthorAnswer("openai", "gpt-6.2-sol"),
        ),
        **changed,
    )


async def review(repository: Builder, given: RunOptions) -> ReviewSnapshot:
    return (await review_once(ChangeRequest(repository.top, commit="HEAD"), given)).snapshot


def titles(snapshot: ReviewSnapshot) -> set[str]:
    return {one.lead.title for one in snapshot.findings}


async def test_the_opponent_reads_with_the_lens_for_its_author(repository, server, tmp_path):
    snapshot = await review(repository, options(tmp_path, server))

    assert "Total is never reset" in titles(snapshot)
    assert snapshot.is_complete
    opus = snapshot.reviewers[2]
    assert (opus.state, opus.lens) == (ReviewerState.DONE, Lens.RISK)
    assert opus.asked is not None
    sent = json.dumps(server.bodies(double.PATH)[0])
    assert "Prices are in cents." in sent
    assert "risk/2" in opus.asked.prompt
    assert KEY not in sent


async def test_every_format_says_what_the_journal_says_afterwards(repository, server, tmp_path):
    given = options(tmp_path, server)
    done = await review_once(ChangeRequest(repository.top, commit="HEAD"), given)
    assert done.exportable.trouble == ""
    assert done.snapshot.findings
    identity = str((repository.top / ".git").resolve())
    stored = stored_document(given.journal, identity)
    assert stored.latest.id == done.snapshot.session
    for name, format in export_formats().items():
        assert format.render(done.exportable.document) == format.render(stored), name


async def test_without_a_journal_memory_is_exported_and_it_is_said(repository, server, tmp_path):
    given = options(tmp_path, server)
    given.journal.parent.mkdir(parents=True)
    given.journal.mkdir()
    done = await review_once(ChangeRequest(repository.top, commit="HEAD"), given)
    assert done.exportable.trouble.startswith("Not from the journal: ")
    told = {entry.finding.lead.title for entry in done.exportable.document.entries}
    assert told == titles(done.snapshot) != set()


async def test_a_brief_takes_the_place_of_the_messages(repository, server, tmp_path):
    await review(repository, options(tmp_path, server, brief="Sum up orders."))

    sent = json.dumps(server.bodies(double.PATH))
    assert "Sum up orders." in sent
    assert "Prices are in cents." not in sent


@pytest.mark.parametrize("is_allowed", [True, False])
async def test_code_goes_elsewhere_only_if_allowed(
    repository, server, tmp_path, monkeypatch, is_allowed
):
    elsewhere = lambda url: replace(address_of(url), is_local=False)  # noqa: E731 - short
    monkeypatch.setattr("xreview.review.asking.prospects.address_of", elsewhere)

    snapshot = await review(repository, options(tmp_path, server, allows_egress=is_allowed))

    assert ("Total is never reset" in titles(snapshot)) == is_allowed
    assert bool(server.requests) == is_allowed
    assert any("--yes-egress" in one for one in snapshot.notices) == (not is_allowed)


async def test_who_is_asked_for_must_be_usable(repository, server, tmp_path):
    given = options(tmp_path, server, environ={})
    wanted = replace(given.settings, review_with=("opus",))
    far = replace(wanted.reviewers["opus"], base_url="https://llm.example")
    given = replace(given, settings=replace(wanted, reviewers={"opus": far}))

    with pytest.raises(ReviewerError, match=r"opus can't be used: no key in \$KEY"):
        await review(repository, given)


async def test_the_same_family_reads_only_when_asked_for_and_is_marked(
    repository, server, tmp_path
):
    given = options(tmp_path, server, said=AuthorAnswer("anthropic"))

    alone = await review(repository, given)
    asked = await review(
        repository, replace(given, settings=replace(given.settings, review_with=("opus",)))
    )

    assert {one.identity.name for one in alone.reviewers} == {"risk", "economy"}
    assert asked.choice is not None
    assert asked.choice.same_family == ("opus",)


async def test_the_budget_holds(repository, server, tmp_path):
    given = options(tmp_path, server)

    snapshot = await review(
        repository, replace(given, settings=replace(given.settings, budget=0.01))
    )

    # A server on this machine costs nothing, whatever its model is called.
    assert snapshot.is_complete
    assert snapshot.cost == 0.0


AGENT = """#!/usr/bin/env python3
import json, os, sys
from pathlib import Path

if "--version" in sys.argv:
    print("codex-cli 0.171.0")
    sys.exit(0)
Path(os.environ["HOME"], "prompt.txt").write_text(sys.stdin.read())
answer = Path(os.environ["HOME"], "answer.json").read_text()
for event in (
    {"type": "thread.started", "thread_id": "t"},
    {"type": "turn.started"},
    {"type": "item.completed", "item": {"id": "1", "type": "agent_message", "text": answer}},
    {"type": "turn.completed", "usage": {"input_tokens": 10, "output_tokens": 5}},
):
    print(json.dumps(event), flush=True)
for index, word in enumerate(sys.argv):
    if word == "-o":
        Path(sys.argv[index + 1]).write_text(answer)
"""


async def test_a_logged_in_agent_is_enough(repository, server, tmp_path):
    programs, home = tmp_path / "bin", tmp_path / "agent-home"
    (home / ".codex").mkdir(parents=True)
    programs.mkdir()
    (home / ".codex" / "auth.json").write_text("{}")
    (home / "answer.json").write_text(
        json.dumps({"findings": [finding("cart.py", "    total += price")]})
    )
    program = programs / "codex"
    program.write_text(AGENT)
    program.chmod(0o755)
    environ = {"HOME": str(home), "PATH": f"{programs}:{os.environ['PATH']}"}
    given = options(
        tmp_path, server, environ=environ, said=AuthorAnswer("anthropic"), allows_egress=True
    )
    given = replace(given, settings=Settings())

    snapshot = await review(repository, given)

    assert "Total is never reset" in titles(snapshot)
    codex = snapshot.reviewers[2]
    assert (codex.identity.kind, codex.identity.family) == (ReviewerKind.AGENT, "openai")
    assert codex.state is ReviewerState.DONE
    assert "Prices are in cents." in (home / "prompt.txt").read_text()
    assert snapshot.choice is not None
    assert "codex" in snapshot.choice.sentence


async def test_the_authors_model_answers_what_others_reported(repository, server, tmp_path):
    rebuttal = {
        "claim": 1,
        "path": "cart.py",
        "side": "new",
        "start_line": 1,
        "quote": "total = 0",
        "argument": "It is set to zero when the module is read.",
        "stance": "rebuts",
        "settle": "A test that imports the module twice.",
    }
    said = json.dumps({"findings": [rebuttal]})
    async with ProviderServer() as authors:
        authors.on(gpt_double.PATH, gpt_double.response(gpt_double.message(said)))
        given = options(tmp_path, server)
        gpt = ReviewerSettings(
            "gpt",
            "openai",
            "gpt-6.2-sol",
            base_url=f"{authors.url}/v1",
            key_variable="KEY",
        )
        both = replace(given.settings, reviewers={**given.settings.reviewers, "gpt": gpt})

        snapshot = await review(repository, replace(given, settings=both))

        (found,) = [one for one in snapshot.findings if one.lead.title == "Total is never reset"]
        assert found.disagreement is Disagreement.CONTESTED
        (stance,) = [one for one in found.stances if one.party.name == "gpt"]
        assert (stance.kind, stance.quote) == (StanceKind.REBUTS, "total = 0")
        asked = json.dumps(authors.bodies(gpt_double.PATH))
        assert "opus" not in asked
        assert "anthropic" not in asked
        assert [one.party.name for one in snapshot.answered] == ["gpt"]
        journal = given.journal
        exported = stored_document(journal, snapshot_repository(journal))
        kinds = {entry.finding.lead.title: entry.finding.disagreement for entry in exported.entries}
        assert kinds["Total is never reset"] is Disagreement.CONTESTED

        off = replace(both, rebuttals=False, review_with=("opus",))
        count = len(authors.requests)
        await review(repository, replace(given, settings=off))
        assert len(authors.requests) == count


def snapshot_repository(journal: Path) -> str:
    with Journal.open(journal) as opened:
        return next(iter(opened.events())).repository


async def test_what_was_rejected_as_intended_is_told_to_models(repository, server, tmp_path):
    given = options(tmp_path, server)
    await review(repository, given)
    name = snapshot_repository(given.journal)
    session = ReviewSession(
        Change(ChangeSource(ChangeKind.WORKTREE, "worktree", ""), ()),
        [],
        Ledger(given.journal),
        Surroundings(name, "Ada <ada@example.org>", now, new_id),
    )
    await session.open()
    with Journal.open(given.journal) as opened:
        report, *_ = [
            event.payload.report
            for event in opened.events(types=(ReportReceived,))
            if event.payload.report.title == "Total is never reset"
        ]
    (finding_,) = findings_of([report])
    await session.decide([finding_], Decision(Verdict.REJECT, Reason.INTENDED))
    await session.close()
    count = len(server.requests)
    repository.write("cart.py", CODE + "\n\nlimit = 5\n")
    repository.commit("limit")

    await review(repository, given)

    sent = json.dumps(server.bodies(double.PATH)[-1])
    assert len(server.requests) > count
    assert "Total is never reset" in sent


@pytest.fixture
async def llama():
    """A server on this machine that nobody configured."""
    async with ProviderServer() as running:
        running.on(chat.MODELS, chat.models({"id": "qwen3-coder", "owned_by": "llamacpp"}))
        said = json.dumps({"findings": [finding("cart.py", "    total += price")]})
        running.on(chat.PATH, chat.reply(said))
        yield running


def alone(tmp_path: Path, llama: ProviderServer, **changed: Any) -> RunOptions:
    """Nobody but that server could read, offline too."""
    environ = {"XREVIEW_LOCAL_PORTS": str(llama.port), "HOME": str(tmp_path)}
    settings = Settings(offline=True, **changed.pop("settings", {}))
    return options(tmp_path, llama, environ=environ, settings=settings, **changed)


async def test_a_server_that_was_found_gets_no_code_without_a_yes(repository, llama, tmp_path):
    snapshot = await review(repository, alone(tmp_path, llama))
    assert llama.bodies(chat.PATH) == []
    assert "Total is never reset" not in titles(snapshot)
    (notice,) = [one for one in snapshot.notices if "--yes-egress" in one]
    assert f"sending code to 127.0.0.1:{llama.port}" in notice


async def test_a_server_that_was_found_reads_after_a_yes(repository, llama, tmp_path):
    snapshot = await review(repository, alone(tmp_path, llama, allows_egress=True))
    assert "Total is never reset" in titles(snapshot)


async def test_a_setting_may_name_the_server_that_was_found(repository, llama, tmp_path):
    allowed = {"egress": (f"127.0.0.1:{llama.port}",)}
    snapshot = await review(repository, alone(tmp_path, llama, settings=allowed))
    assert "Total is never reset" in titles(snapshot)


async def test_a_server_that_another_user_took_over_gets_no_code(
    repository, llama, tmp_path, monkeypatch
):
    """Between being found and being asked, as nobody can prevent on a port of this machine."""
    other = SocketOwner(Whose.OTHER, "eve")
    monkeypatch.setattr("xreview.review.choosing.panel.owner_of", lambda *_: other)
    with pytest.raises(ModelError, match=r"belongs to another user of this machine \(eve\)"):
        await review(repository, alone(tmp_path, llama, allows_egress=True))
    assert llama.bodies(chat.PATH) == []
