"""Attempts of two models behind loopback servers, each reviewed by the other, and their record."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.provider_server import anthropic, openai
from tests.fakes.provider_server.reply import Reply
from tests.fakes.provider_server.server import ProviderServer
from tests.repo.builder import Builder
from tests.repo.disposable.trees import hashed
from tests.review.asking.test_reviewer import finding
from tests.review.assembly.test_attempt_review import (  # noqa: F401 - project is a fixture
    BASE,
    KEY,
    options,
    project,
    running,
)
from xreview.domain.attempt.seat import Preset
from xreview.domain.errors import UsageError
from xreview.domain.events.attempt_events import AttemptReviewed, AttemptStated, AttemptWritten
from xreview.domain.stakes.tier import Tier
from xreview.hardening.address import address_of
from xreview.journal.store import Journal
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.assembly.attempts import trials_for
from xreview.review.assembly.run_options import RunOptions
from xreview.review.attempts.snapshot import TrialSnapshot
from xreview.review.attempts.trials import Trials
from xreview.review.attempts.wish import TrialWish

WISH = TrialWish("Sum up the prices.", ("opus", "gpt"), budget=20.0)
LINES = {
    "opus": "def add(price):\n    return price\n",
    "gpt": "def add(cents):\n    return cents\n",
}


def written(name: str) -> dict[str, object]:
    """A writer's answer: edits and a statement."""
    quote = LINES[name].splitlines()[1]
    return {
        "edits": [{"path": "cart.py", "search": BASE, "replace": BASE + LINES[name]}],
        "removed": [],
        "statement": {
            "approach": f"It adds, says {name}.",
            "assumptions": ["Prices are in cents."],
            "handled": [
                {"text": "One price.", "path": "cart.py", "quote": quote},
                {"text": "Too many.", "path": "cart.py", "quote": "raise Overflow"},
            ],
            "left_out": ["No price."],
            "questions": [],
        },
    }


def says(server: ProviderServer, name: str, **said: Mapping[str, object] | Reply) -> None:
    """Have a server answer what it is asked: to write, or to review."""
    other = LINES["gpt" if name == "opus" else "opus"].splitlines()[1]
    answers = {"write": written(name), "review": {"findings": [finding("cart.py", other)]}} | said

    def answer(request) -> Reply:
        asked = json.dumps(request.json)
        text = answers["write" if "left_out" in asked else "review"]
        if isinstance(text, Reply):
            return text
        said = json.dumps(text)
        if name == "opus":
            made = anthropic.message(anthropic.text(said))
        else:
            made = openai.response(openai.message(said))
        return made if isinstance(made, Reply) else made(request)

    server.on(anthropic.PATH if name == "opus" else openai.PATH, answer)


@pytest.fixture
async def servers():
    async with ProviderServer() as opus, ProviderServer() as gpt:
        says(opus, "opus")
        says(gpt, "gpt")
        yield {"opus": opus, "gpt": gpt}


@asynccontextmanager
async def trials_of(project: Builder, given: RunOptions):  # noqa: F811
    async with running(project, given) as review:
        await review.open()
        trials = trials_for(review)
        try:
            yield trials
        finally:
            await trials.close()


def allowed(tmp_path: Path, servers, **changed: object) -> RunOptions:
    given = options(tmp_path, **servers)
    return replace(given, allows_egress=True, settings=replace(given.settings, **changed))


async def run(trials: Trials, wish: TrialWish = WISH) -> TrialSnapshot:
    async with aclosing(trials.run(wish)) as snapshots:
        *_, last = [one async for one in snapshots]
    return last


async def test_two_models_write_and_review_each_other(project, servers, tmp_path):  # noqa: F811
    given, before = allowed(tmp_path, servers), hashed(project.top)
    async with trials_of(project, given) as trials:
        last = await run(trials, replace(WISH, preset=Preset.SWAP))
    assert hashed(project.top) == before
    by_writer = {one.seat.writer.name: one for one in last.attempts}
    for name, reviewer in (("opus", "gpt"), ("gpt", "opus")):
        one = by_writer[name]
        assert (one.why, one.unread) == ("", ()), one.notices
        assert [who.name for who in one.reviewers] == [reviewer]
        assert [file.added for file in one.files] == [2]
        assert [case.is_linked for case in one.statement.handled] == [True, False]
        assert (one.statement.by, one.statement.is_writers) == (name, True)
        assert sum(one.facts.open) >= 1
        assert one.cost == 0.0  # its models are on this machine
    assert last.comparison.pieces[0].words == "conflicting: A, B"
    for name, server in servers.items():
        sent = [
            json.dumps(body)
            for path in (anthropic.PATH, openai.PATH)
            for body in server.bodies(path)
        ]
        assert KEY not in "".join(sent)
        # Who reviews isn't told what the writer says of it.
        other = "gpt" if name == "opus" else "opus"
        assert not any(f"says {other}" in one for one in sent)
    with Journal.open(given.journal) as journal:
        told = [one.payload for one in journal.events(session=last.id)]
        sessions = {one.id for one in journal.sessions(None)}
    assert sum(isinstance(one, AttemptWritten) for one in told) == 2
    assert sum(isinstance(one, AttemptStated) for one in told) == 2
    reviewed = [one for one in told if isinstance(one, AttemptReviewed)]
    assert {one.session for one in reviewed} <= sessions
    # The trial itself is no review.
    assert last.id not in sessions


async def test_without_consent_nobody_gets_anything(
    project,  # noqa: F811
    servers,
    tmp_path,
    monkeypatch,
):
    far = lambda url: replace(address_of(url), is_local=False)  # noqa: E731 - short
    monkeypatch.setattr("xreview.review.asking.prospects.address_of", far)
    given = replace(allowed(tmp_path, servers), allows_egress=False)
    async with trials_of(project, given) as trials:
        last = await run(trials)
        for one in last.attempts:
            assert "Code may not go to" in one.why
        preview = await trials.preview(WISH)
    assert "To gpt (deep):" in preview
    assert "Sum up the prices." in preview
    assert "total = 0" in preview
    assert not any(server.requests for server in servers.values())


async def test_who_says_nothing_is_read_by_the_other_family(project, servers, tmp_path):  # noqa: F811
    says(servers["opus"], "opus", write={**written("opus"), "statement": {}})
    async with trials_of(project, allowed(tmp_path, servers)) as trials:
        last = await run(trials, replace(WISH, writers=("opus",)))
    (one,) = last.attempts
    assert (one.statement.by, one.statement.is_writers) == ("gpt", False), one.notices
    assert one.files


async def test_the_seats_say_which_tier_and_why(project, servers, tmp_path):  # noqa: F811
    given = allowed(tmp_path, servers)
    reviewers = dict(given.settings.reviewers)
    reviewers["gpt"] = replace(reviewers["gpt"], lighter="gpt-6.2-mini")
    given = replace(given, settings=replace(given.settings, reviewers=reviewers))
    async with trials_of(project, given) as trials:
        asked = replace(WISH, task="Refund twice what was paid.", writers=("gpt:fast", "opus"))
        seats, kind, why = await trials.seats(asked)
        tiers = {one.writer.name: (one.tier, one.writer.model) for one in seats}
        assert tiers["gpt"] == (Tier.FAST, "gpt-6.2-mini")
        assert tiers["opus"][0] is Tier.DEEP
        assert (kind, "money" in why) == ("money", True)
        both = replace(WISH, writers=("gpt:fast", "opus:deep"))
        assert (await trials.seats(both))[2] == "As you chose."
        with pytest.raises(UsageError, match="Unknown writer"):
            await trials.seats(replace(WISH, writers=("nobody",)))
        last = await run(trials, replace(WISH, writers=("gpt:fast",)))
    assert last.attempts[0].seat.writer.model == "gpt-6.2-mini"
    assert any(body["model"] == "gpt-6.2-mini" for body in servers["gpt"].bodies(openai.PATH))


async def test_the_checks_of_a_graft_wait_for_those_of_an_attempt(project, servers, tmp_path):  # noqa: F811
    log = tmp_path / "log"
    command = f"echo a >> {log}; sleep 0.2; echo b >> {log}"
    async with trials_of(project, allowed(tmp_path, servers)) as trials:
        tree = await asyncio.to_thread(
            DisposableTree.create, trials.place.repository, tmp_path / "tree"
        )
        other = await asyncio.to_thread(tree.twin, tmp_path / "other")

        async def check(one: DisposableTree) -> None:
            async for _ in trials.crew.check([command], one, one.base):
                pass

        await asyncio.gather(check(tree), check(other))
    assert log.read_text().split() == ["a", "b", "a", "b"]
