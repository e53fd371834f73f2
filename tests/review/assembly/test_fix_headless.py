"""Fixing without an interface, by a model behind a loopback server that answers with edits."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.provider_server import anthropic as double
from tests.fakes.provider_server.reply import Reply
from tests.fakes.provider_server.server import ProviderServer
from tests.fakes.reports import finding as finding_of
from tests.fakes.reports import report
from tests.repo.builder import Builder
from tests.repo.disposable.trees import hashed
from tests.review.asking.test_reviewer import finding
from tests.review.assembly.test_headless import (  # noqa: F401 - repository is a fixture
    CODE,
    options,
    repository,
)
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import ReviewerError, UsageError
from xreview.domain.events.event import DecisionMade, Event, FixApplied, FixEnded
from xreview.domain.fixing.fixer import MECHANICAL, FixerKind
from xreview.domain.fixing.outcome import FixOutcome
from xreview.hardening.address import address_of
from xreview.journal.store import Journal
from xreview.repo.change.request import ChangeRequest
from xreview.repo.repository import find_repository
from xreview.review.assembly.fix_headless import FixWish, headless_fixes
from xreview.review.assembly.fixing import NOTHING_SENT
from xreview.review.assembly.headless import review_once
from xreview.review.assembly.kept_fixes import KeptFixes
from xreview.review.assembly.run_options import RunOptions
from xreview.review.fixing.snapshot import FixSnapshot
from xreview.review.session.surroundings import now

QUOTE = "    total += price"
BETTER = CODE.replace(QUOTE, "    return price")


class Shop:
    """A reviewed repository with one accepted finding, and the model that fixes it."""

    def __init__(self, top: Path, server: ProviderServer, given: RunOptions) -> None:
        self.top, self.server, self.given = top, server, given
        self.wanted = finding_of(report())

    async def review(self, suggestion: dict[str, Any] | None = None) -> None:
        said = {**finding("cart.py", QUOTE), "suggestion": suggestion}
        self.says({"findings": [said]})
        done = await review_once(ChangeRequest(self.top, commit="HEAD"), self.given)
        titled = {one.lead.title: one for one in done.snapshot.findings}
        self.wanted = titled["Total is never reset"]
        self.record(done.snapshot.session, Decision(Verdict.ACCEPT, Reason.FIX))

    def record(self, session: str, decision: Decision) -> None:
        identity = find_repository(self.top).identity
        made = DecisionMade("accepted", self.wanted.fingerprints, decision)
        with Journal.open(self.given.journal) as journal:
            journal.append([Event("decided", session, identity, now(), "Ada", made)])

    def says(self, *documents: dict[str, Any] | str) -> None:
        texts = [one if isinstance(one, str) else json.dumps(one) for one in documents]
        self.server.on(double.PATH, *(double.message(double.text(one)) for one in texts))

    def edits(self, search: str = QUOTE, replace: str = "    return price") -> dict[str, Any]:
        result = {
            "fingerprint": self.wanted.fingerprint,
            "status": "fixed",
            "files": ["cart.py"],
            "explanation": "It returns the price.",
            "reason": "",
        }
        edit = {"path": "cart.py", "search": search, "replace": replace}
        return {"edits": [edit], "results": [result]}

    def verdict(self, state: str = "gone", quote: str = "    return price") -> dict[str, Any]:
        said = {
            "fingerprint": self.wanted.fingerprint,
            "path": "cart.py",
            "line": 6,
            "quote": quote,
            "why": "Nothing is added up.",
            "state": state,
        }
        return {"findings": [said], "new_findings": [], "reviewed_paths": ["cart.py"]}

    async def fix(self, **wished: Any) -> FixSnapshot:
        wish = FixWish(**{"fixer": "opus"} | wished)
        request = ChangeRequest(self.top)
        async with headless_fixes(request, self.given, wish) as fixes:
            return await fixes.run(wish, lambda _: None)

    @property
    def payloads(self) -> list[object]:
        with Journal.open(self.given.journal) as journal:
            return [one.payload for one in journal.events()]


@pytest.fixture
async def shop(repository: Builder, tmp_path: Path):  # noqa: F811
    async with ProviderServer() as server:
        made = Shop(repository.top, server, options(tmp_path, server))
        await made.review()
        yield made


async def test_a_models_edits_are_judged_by_a_fresh_reader(shop, repository):  # noqa: F811
    before, asked = hashed(repository.top), len(shop.server.bodies(double.PATH))
    shop.says(shop.edits(), shop.verdict())
    last = await shop.fix()
    (found,) = last.findings
    assert found.verdict.outcome is FixOutcome.FIXED, found.verdict.evidence
    assert (last.fixer.name, last.fixer.kind) == ("opus", FixerKind.MODEL)
    assert hashed(repository.top) == before
    fixing, verifying = (json.dumps(one) for one in shop.server.bodies(double.PATH)[asked:])
    assert "Fix the 1 problem" in fixing
    assert "total += price" in fixing
    assert "It returns the price." not in verifying, "it is blind to what the fixer says"
    kept = KeptFixes(shop.given.folders)
    (left,) = kept.list()
    assert (left.fixer, left.is_running, left.has_unapplied_patch) == ("opus", False, True)
    assert kept.clean() == []
    applied = await asyncio.to_thread(kept.apply, left.id[:6], find_repository(repository.top))
    assert applied.paths == ("cart.py",)
    assert repository.path("cart.py").read_text() == BETTER
    assert [one.has_unapplied_patch for one in kept.list()] == [False]
    assert [one.id for one in kept.clean()] == [left.id]
    kinds = [type(one) for one in shop.payloads]
    assert kinds.count(FixEnded) == kinds.count(FixApplied) == 1


@pytest.mark.parametrize(
    ("state", "quote", "outcome"),
    [
        ("still_present", "    return price", FixOutcome.STILL_THERE),
        ("cannot_tell", "", FixOutcome.NOT_VERIFIED),
        ("gone", "    nowhere in it", FixOutcome.NOT_VERIFIED),
    ],
)
async def test_only_a_verifier_that_quotes_the_code_clears(shop, state, quote, outcome):
    shop.says(shop.edits(), shop.verdict(state, quote))
    (found,) = (await shop.fix()).findings
    assert found.verdict.outcome is outcome, found.verdict.evidence


async def test_what_a_model_would_get_is_said_with_the_code(shop):
    before = len(shop.server.bodies(double.PATH))
    wish, request = FixWish(fixer="opus"), ChangeRequest(shop.top)
    async with headless_fixes(request, shop.given, wish) as fixes:
        told = await fixes.preview(wish)
    assert len(shop.server.bodies(double.PATH)) == before, "nothing is sent"
    shop.says(shop.edits(), shop.verdict())
    await shop.fix()
    sent = shop.server.bodies(double.PATH)[before]
    blocks = [sent["system"], *(one["content"] for one in sent["messages"])]
    texts = [one["text"] for block in blocks for one in block if isinstance(one, dict)]
    assert "`cart.py`, all " in told
    assert QUOTE in told
    assert told == "\n\n".join(texts) + "\n"


async def test_nothing_is_said_to_the_mechanical_fixer(repository, tmp_path):  # noqa: F811
    async with ProviderServer() as server:
        shop = Shop(repository.top, server, options(tmp_path, server))
        await shop.review({"description": "Return it.", "replacement": "    return price"})
        wish = FixWish(is_mechanical=True)
        async with headless_fixes(ChangeRequest(shop.top), shop.given, wish) as fixes:
            assert await fixes.preview(wish) == NOTHING_SENT


async def test_edits_that_cannot_be_made_change_nothing(shop, repository):  # noqa: F811
    wrong = shop.edits("    nothing like it")
    shop.says(wrong)
    last = await shop.fix()
    assert last.files == ()
    assert last.findings[0].verdict.outcome is FixOutcome.BLOCKED
    assert last.why
    assert repository.path("cart.py").read_text() == CODE


async def test_an_answer_that_is_no_json_is_trouble(shop):
    shop.says("I fixed it!")
    last = await shop.fix()
    assert last.findings[0].verdict.outcome is FixOutcome.BLOCKED
    assert "reviewer" not in last.why
    assert KeptFixes(shop.given.folders).list() == [], "nothing is left of it"


async def test_the_time_limit_ends_a_model_that_hangs(shop, monkeypatch):
    monkeypatch.setattr(
        "xreview.review.assembly.fixing.AskedFixer",
        lambda *words, **given: _asked(*words, **given | {"seconds": 0.3}),
    )
    shop.server.on(double.PATH, Reply(latency=60.0))
    last = await shop.fix()
    assert "deadline" in last.why
    assert last.findings[0].verdict.outcome is FixOutcome.BLOCKED


def _asked(*words: Any, **given: Any) -> Any:
    from xreview.review.fixing.asked_fixer import AskedFixer

    return AskedFixer(*words, **given)


async def test_a_server_on_this_machine_costs_nothing(shop):
    shop.says(shop.edits(), shop.verdict())
    last = await shop.fix(budget=0.0)
    assert (last.cost, last.most, last.why) == (0.0, 0.0, "")


async def test_code_goes_elsewhere_only_if_allowed(shop, monkeypatch):
    elsewhere = lambda url: replace(address_of(url), is_local=False)  # noqa: E731 - short
    monkeypatch.setattr("xreview.review.asking.prospects.address_of", elsewhere)
    asked = len(shop.server.requests)
    with pytest.raises(ReviewerError, match="Code may not go to opus"):
        await shop.fix()
    assert len(shop.server.requests) == asked
    assert KeptFixes(shop.given.folders).list() == []


async def test_reading_what_would_be_sent_asks_nobody(shop):
    asked = len(shop.server.bodies(double.PATH))
    async with headless_fixes(ChangeRequest(shop.top), shop.given, FixWish()) as fixes:
        text = await fixes.preview(FixWish())
    assert "Total is never reset" in text
    # A server on this machine is asked for its models' windows; a vendor's isn't.
    assert len(shop.server.bodies(double.PATH)) == asked
    assert KeptFixes(shop.given.folders).list() == []


async def test_a_suggestion_is_applied_without_a_model(repository, tmp_path):  # noqa: F811
    async with ProviderServer() as server:
        shop = Shop(repository.top, server, options(tmp_path, server))
        await shop.review({"description": "Return it.", "replacement": "    return price"})
        asked = len(server.bodies(double.PATH))
        shop.says(shop.verdict())
        last = await shop.fix(fixer="", is_mechanical=True, is_in_place=True)
        assert last.fixer == MECHANICAL
        assert last.findings[0].verdict.outcome is FixOutcome.FIXED
        assert len(server.bodies(double.PATH)) == asked + 1, "the verifier alone"
        assert repository.path("cart.py").read_text() == BETTER
        assert last.applied


async def test_in_place_refuses_a_dirty_checkout_first(shop, repository):  # noqa: F811
    repository.write("new.txt", "x\n")
    asked = len(shop.server.requests)
    with pytest.raises(UsageError, match="without uncommitted changes"):
        await shop.fix(is_in_place=True)
    assert len(shop.server.requests) == asked
