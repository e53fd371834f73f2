"""A whole review by a model: planned, asked side by side, accounted for, remembered."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.model import ScriptedModel, answer
from tests.fakes.reviewer import GivenContents
from xreview.config.prices import load_prices
from xreview.domain.change import Change, ChangeKind, ChangeSource, FileDiff, FileStatus
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Finished,
    ModelFeatures,
    ModelIdentity,
    Stop,
    TextDelta,
    Tokens,
    Waiting,
)
from xreview.ports.reviewer import Asked, Progress, RawReport, ReviewRequest, Signal, Usage
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.asking.money import Money, Terms
from xreview.review.asking.reply_cache import ReplyCache, StoredReply, reply_key
from xreview.review.asking.reviewer import Asking, ModelReviewer
from xreview.review.egress.withholding import Withholding

IDENTITY = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")


def added(path: str, *lines: str) -> tuple[FileDiff, str]:
    text = "".join(f"{line}\n" for line in lines)
    body = f"@@ -0,0 +1,{len(lines)} @@\n" + "".join(f"+{line}\n" for line in lines)
    return FileDiff(path, FileStatus.ADDED, new_mode="100644", body=body.encode()), text


def request_for(*files: tuple[FileDiff, str]) -> ReviewRequest:
    source = ChangeSource(ChangeKind.WORKTREE, "worktree", "")
    change = Change(source, tuple(file for file, _ in files))
    return ReviewRequest(change, GivenContents({file.path: text for file, text in files}))


def finding(path: str, quote: str, title: str = "Total is never reset") -> dict[str, Any]:
    return {
        "path": path,
        "side": "new",
        "start_line": 1,
        "quote": quote,
        "title": title,
        "claim": f"{title}, so it grows.",
        "scenario": "",
        "settle": "",
        "category": "edge-case",
        "severity": "high",
        "confidence": "high",
        "request": None,
        "suggestion": None,
    }


def says(*findings: dict[str, Any], tokens: Tokens | None = None) -> Sequence[Any]:
    return answer(json.dumps({"findings": findings}), tokens)


def asking(model: ScriptedModel, cap: float = 10.0, **given: Any) -> Asking:
    terms = Terms(Money(cap), load_prices().of("gpt-6.2-sol"), False)
    slots = given.pop("slots", asyncio.Semaphore(4))
    return Asking(Answerer(IDENTITY, Voice(model, terms), slots, **given), Lens.RISK)


async def review(asking: Asking, request: ReviewRequest) -> list[Signal]:
    async with aclosing(ModelReviewer(asking).review(request)) as signals:
        return [signal async for signal in signals]


def coverage(signals: list[Signal]) -> dict[str, CoverageEntry]:
    entries = [one for one in signals if isinstance(one, CoverageEntry)]
    by_path = {one.path: one for one in entries}
    assert len(by_path) == len(entries), "one entry for each file"
    return by_path


def asked(signals: list[Signal]) -> Asked:
    (found,) = [one for one in signals if isinstance(one, Asked)]
    return found


CART = added("cart/total.py", "total = 0", "total += price")
AUTH = added("auth/login.py", "def login(password):", "    return True")


async def test_every_file_is_asked_about_and_accounted_for() -> None:
    lock = added("uv.lock", "version = 1")
    model = ScriptedModel(
        by_question={
            "cart/total.py": says(finding("cart/total.py", "total += price")),
            "auth/login.py": says(),
        }
    )

    signals = await review(asking(model), request_for(CART, AUTH, lock))

    (report,) = [one for one in signals if isinstance(one, RawReport)]
    assert (report.path, report.reviewer) == ("cart/total.py", IDENTITY)
    entries = coverage(signals)
    assert entries["cart/total.py"].reading is Reading.READ
    assert entries["auth/login.py"].reading is Reading.READ
    assert entries["uv.lock"].reading is Reading.SKIPPED
    assert [one for one in signals if isinstance(one, Usage)][-1].input_tokens == 2000
    assert asked(signals).requests == 2
    assert asked(signals).served == ("gpt-6.2-sol-20261101",)
    assert signals[-2] == Progress(3, 3, "")


async def test_what_looks_risky_is_asked_first() -> None:
    notes = added("docs/notes.md", "# Notes")
    model = ScriptedModel(by_question={"": says()})

    await review(asking(model, slots=asyncio.Semaphore(1)), request_for(notes, CART, AUTH))

    order = [
        next(path for path in ("notes.md", "total.py", "login.py") if path in one.question)
        for one in model.asked
    ]
    assert order == ["login.py", "total.py", "notes.md"]


async def test_the_lighter_model_reads_what_looks_harmless() -> None:
    strong, light = ScriptedModel(by_question={"": says()}), ScriptedModel(by_question={"": says()})
    given = asking(strong)
    lighter = Voice(light, given.answerer.voice.terms)
    hard = added(
        "auth/session.py",
        "import jwt",
        "def verify(token, secret, password):",
        "    try:",
        "        with lock:",
        "            return jwt.decode(token, secret, verify=False)",
        "    except Exception:",
        "        cursor.execute('DELETE FROM sessions WHERE token = ' + token)",
        *(f"x_{number} = {number}" for number in range(10)),
    )

    await review(asking(strong, lighter=lighter), request_for(hard, CART))

    assert ["session.py" in one.question for one in strong.asked] == [True]
    assert ["total.py" in one.question for one in light.asked] == [True]


async def test_no_more_requests_run_at_once_than_allowed() -> None:
    files = [added(f"part{number}/code.py", f"x = {number}") for number in range(12)]
    model = ScriptedModel(by_question={"": says()}, seconds=0.01)

    await review(asking(model, slots=asyncio.Semaphore(3)), request_for(*files))

    assert len(model.asked) == 12
    assert model.most_at_once == 3


async def test_one_failed_request_costs_its_files_only() -> None:
    model = ScriptedModel(
        by_question={
            "cart/total.py": [ModelError(Failure.SERVER, "It is overloaded.")],
            "auth/login.py": says(finding("auth/login.py", "    return True")),
        }
    )

    signals = await review(asking(model), request_for(CART, AUTH))

    entries = coverage(signals)
    assert entries["cart/total.py"].reading is Reading.FAILED
    assert "overloaded" in entries["cart/total.py"].why
    assert entries["auth/login.py"].reading is Reading.READ


@pytest.mark.parametrize("failure", [Failure.KEY, Failure.MONEY])
async def test_a_failure_that_all_would_meet_ends_the_review(failure: Failure) -> None:
    files = [added(f"part{number}/code.py", f"x = {number}") for number in range(10)]
    model = ScriptedModel(by_question={"": [ModelError(failure, "Not with this key.")]})
    signals: list[Signal] = []

    stream = ModelReviewer(asking(model, slots=asyncio.Semaphore(1))).review(request_for(*files))
    with pytest.raises(ModelError, match="Not with this key"):
        await _read_into(signals, stream)

    assert len(model.asked) == 1
    assert {one.reading for one in coverage(signals).values()} == {Reading.FAILED}
    assert len(coverage(signals)) == 10


async def _read_into(signals: list[Signal], stream: AsyncGenerator[Signal, None]) -> None:
    async for signal in stream:
        signals.append(signal)  # noqa: PERF401 - what came before the error is wanted


async def test_a_budget_that_is_used_up_is_told() -> None:
    files = [added(f"part{number}/code.py", f"x = {number}") for number in range(6)]
    dear = says(tokens=Tokens(input=10_000, output=10_000))  # 0.12 US dollars
    model = ScriptedModel(by_question={"": dear})

    signals = await review(asking(model, 0.4, slots=asyncio.Semaphore(1)), request_for(*files))

    whys = [one.why for one in coverage(signals).values() if one.reading is Reading.FAILED]
    assert whys
    assert all("budget" in why for why in whys)
    usage = [one for one in signals if isinstance(one, Usage)][-1]
    assert usage.cost is not None
    assert 0.1 < usage.cost <= 0.4


async def test_an_unchanged_change_is_not_asked_about_again(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    first = ScriptedModel(
        by_question={"total.py": says(finding("cart/total.py", "total += price")), "": says()}
    )
    before = await review(asking(first, cache=cache), request_for(CART, AUTH))

    again = ScriptedModel()
    after = await review(asking(again, cache=cache), request_for(CART, AUTH))

    assert again.asked == []
    assert [one for one in after if isinstance(one, RawReport)] == [
        one for one in before if isinstance(one, RawReport)
    ]
    assert coverage(after) == coverage(before)
    assert (asked(after).requests, asked(after).remembered) == (0, 2)

    changed = added("auth/login.py", "def login(password):", "    return False")
    one_file = ScriptedModel(by_question={"": says()})
    await review(asking(one_file, cache=cache), request_for(CART, changed))
    assert ["login.py" in one.question for one in one_file.asked] == [True]


async def test_an_answer_that_was_cut_off_is_asked_for_again(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    cut = ScriptedModel([TextDelta('{"findings": ['), Finished(Stop.TRUNCATED)])
    signals = await review(asking(cut, cache=cache), request_for(CART))
    again = ScriptedModel(says())

    await review(asking(again, cache=cache), request_for(CART))

    assert coverage(signals)["cart/total.py"].reading is not Reading.READ
    assert len(again.asked) == 1


async def test_secrets_are_not_sent_and_counted() -> None:
    secret = added("settings.py", 'password = "correct-horse-9"', "debug = True")
    model = ScriptedModel(by_question={"": says()})

    signals = await review(asking(model), request_for(secret))

    (request,) = model.asked
    assert "correct-horse" not in request.question
    assert "debug = True" in request.question
    assert coverage(signals)["settings.py"].why == "1 line withheld as possible secrets: line 1"
    assert coverage(signals)["settings.py"].reading is Reading.READ
    assert asked(signals).withheld == 1


async def test_waiting_is_shown() -> None:
    model = ScriptedModel([Waiting(2.0, "Too many requests."), *says()])

    signals = await review(asking(model), request_for(CART))

    assert any("Too many requests" in one.doing for one in signals if isinstance(one, Progress))


async def test_the_deadline_ends_it() -> None:
    model = ScriptedModel(by_question={"": says()}, seconds=60)

    signals = await review(asking(model, seconds=0.05), request_for(CART))

    assert "deadline" in coverage(signals)["cart/total.py"].why
    assert model.running == 0


async def test_closing_cancels_what_runs() -> None:
    model = ScriptedModel(by_question={"": says()}, seconds=60)
    stream = ModelReviewer(asking(model)).review(request_for(CART, AUTH))

    async def read() -> None:
        async for _ in stream:
            pass

    reading = asyncio.create_task(read())
    async with asyncio.timeout(30):
        while model.running < 2:  # noqa: ASYNC110 # the model is a fake that only counts
            await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert reading.cancelled()

    await stream.aclose()

    assert model.running == 0


async def test_a_model_too_small_is_a_sentence() -> None:
    from xreview.domain.errors import ReviewerError
    from xreview.ports.model import ModelLimits

    model = ScriptedModel(limits=ModelLimits(window=4_096), features=ModelFeatures())

    with pytest.raises(ReviewerError, match="has a window of 4,096 tokens, too few"):
        await review(asking(model), request_for(CART))


async def test_replies_that_are_kept_already_are_found(tmp_path: Path) -> None:
    """The names of kept replies are of what is asked, by whom, and not of how it is scheduled."""
    cache = ReplyCache(tmp_path)
    given = asking(ScriptedModel(), cache=cache)
    request = request_for(CART)
    withholding = Withholding(request.contents)
    planned = await ModelReviewer(given).planned(request.change.files, withholding, ())
    (part,) = planned.requests
    who = given.answerer.voice.model.identity
    key = reply_key(who, part.digest, None, has_tools=False, max_output=16_000)
    said = json.dumps({"findings": [finding("cart/total.py", "total += price")]})
    cache.put(key, StoredReply((said,), "gpt", Tokens()))

    signals = await review(given, request)

    assert (asked(signals).requests, asked(signals).remembered) == (0, 1)
    assert [one.title for one in signals if isinstance(one, RawReport)] == ["Total is never reset"]


async def test_the_coverage_says_what_failed_and_the_review_what_to_do() -> None:
    model = ScriptedModel(by_question={"": [ModelError(Failure.KEY, "Wrong key.", "Set another.")]})
    signals: list[Signal] = []

    stream = ModelReviewer(asking(model, slots=asyncio.Semaphore(1))).review(
        request_for(CART, AUTH)
    )
    with pytest.raises(ModelError) as caught:
        await _read_into(signals, stream)

    assert str(caught.value) == "Wrong key. Set another."
    assert {one.why for one in coverage(signals).values()} == {"Wrong key."}


async def test_who_could_not_read_has_not_read_and_its_findings_stay(tmp_path: Path) -> None:
    text = json.dumps({"findings": [finding("cart/total.py", "total += price")]})
    why = "Codex: all 2 attempts of its own to read failed (“bwrap: no such file”)"
    unread = (TextDelta(text), Finished(Stop.UNREAD, detail=why, echo=text))
    cache = ReplyCache(tmp_path)
    model = ScriptedModel(by_question={"cart/total.py": unread})

    signals = await review(asking(model, cache=cache), request_for(CART))

    assert [one.path for one in signals if isinstance(one, RawReport)] == ["cart/total.py"]
    entry = coverage(signals)["cart/total.py"]
    assert (entry.reading, entry.why, entry.expected) == (Reading.FAILED, why, False)
    again = await review(asking(model, cache=cache), request_for(CART))
    assert coverage(again)["cart/total.py"].reading is Reading.FAILED, "it was remembered as read"


async def test_a_flood_of_findings_over_all_requests_is_cut_and_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xreview.review.asking.reviewer.MOST_FINDINGS", 3)
    of_cart = ("Total is never reset", "Prices overflow", "Currency gets lost", "Rounds too early")
    of_auth = ("Password is ignored", "Session is kept", "Nothing bounds attempts", "Timing leaks")
    cart = [finding("cart/total.py", "total += price", title) for title in of_cart]
    auth = [finding("auth/login.py", "    return True", title) for title in of_auth]
    model = ScriptedModel(by_question={"cart/total.py": says(*cart), "auth/login.py": says(*auth)})

    signals = await review(asking(model, slots=asyncio.Semaphore(1)), request_for(CART, AUTH))

    assert sum(isinstance(one, RawReport) for one in signals) == 3
    entries = coverage(signals)
    assert all(one.is_gap for one in entries.values())
    assert {one.why for one in entries.values()} == {
        "1 finding left out, after the first 3",
        "4 findings left out, after the first 3",
    }


async def test_twenty_thousand_findings_end_in_a_gap_with_a_sentence() -> None:
    said = says(*[finding("cart/total.py", "total += price", f"No. {n}") for n in range(20_000)])

    signals = await review(asking(ScriptedModel(said)), request_for(CART))

    (entry,) = coverage(signals).values()
    assert entry.is_gap
    assert entry.why == "it sent more than 500 findings; only the first 500 were read"
    assert 0 < sum(isinstance(one, RawReport) for one in signals) <= 500


async def test_who_waits_for_a_model_here_is_told_what_it_does() -> None:
    here = ModelIdentity("qwen", "qwen", "qwen3", "127.0.0.1:11434", is_local=True)
    model = ScriptedModel(answer('{"findings": []}'), identity=here)

    signals = await review(asking(model), request_for(CART))

    told = [one.doing for one in signals if isinstance(one, Progress)]
    assert any(one.startswith("cart/total.py: reading ") for one in told)
    assert any(" tokens for 0 s, timeout after " in one for one in told)
