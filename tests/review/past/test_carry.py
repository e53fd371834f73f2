"""Sessions one after the other over the same files, with real grounding."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import count, permutations

import pytest

from tests.fakes.reports import added_file
from tests.fakes.reviewer import GivenContents, ScriptedReviewer, raw
from tests.journal.build import opened
from tests.review.session.test_session import OPUS, reviewed, session
from xreview.domain.change import Change, ChangeKind, ChangeSource
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.carried import CarriedState
from xreview.domain.events.event import ConventionWritten, DecisionMade, Event, ReportReceived
from xreview.domain.identity import claim
from xreview.domain.identity.claim import stems
from xreview.domain.identity.history import history_of
from xreview.domain.report import Lens
from xreview.domain.state import fold
from xreview.export.document import Standing
from xreview.journal.store import Journal
from xreview.review.past.carry import CarryOver, fixes_confirmed, load_history
from xreview.review.record.document import stored_document
from xreview.review.session.ground import Grounding

REPOSITORY = "repo"
QUOTE = "except Exception:"
CODE = "def first():\n    try:\n        load()\n    except Exception:\n        pass\n"
TWIN = CODE.replace("first", "second").replace("load", "store")
NEW, STILL, FIXED, BACK = (
    CarriedState.NEW, CarriedState.STILL_THERE, CarriedState.FIXED, CarriedState.BACK,
)  # fmt: skip


@dataclass(frozen=True)
class Reviewed:
    carried: tuple
    fixed: tuple

    @property
    def states(self):
        return [one.state for one in self.carried]

    @property
    def names(self):
        return [one.report.fingerprint for one in self.carried]


class Reviews:
    """Reviews that find every `except Exception:`, as the session will run them."""

    def __init__(self):
        self.events = []
        self.numbers = count()
        self.session = ""
        self.claims = ()

    async def run(
        self, texts, *, quote=QUOTE, today="2026-01-01", reading=Reading.READ, finds=True,
        changed=range(1, 10**6), only=None, claim="", streamed=False,
    ):  # fmt: skip
        self.session = f"s{next(self.numbers)}"
        reports = await self._reports(texts, quote, claim) if finds else []
        if only is not None:
            reports = [one for one in reports if one.anchor.start_line in only]
        carry = CarryOver(
            history_of(self.events, without_session=self.session),
            session=self.session,
            today=today,
        )
        coverage = [CoverageEntry("risk", path, reading) for path in texts]
        for path in carry.needs(reports):
            carry.give(path, texts.get(path))
        carried = self._judged(carry, [[one] for one in reports] if streamed else [reports])
        for path in carry.needs_at_end(coverage):
            carry.give(path, texts.get(path))
        fixed = carry.settle(coverage, lambda path: (changed,))
        self.write(*(ReportReceived(one.report) for one in carried))
        self.events += map(self._event, fixes_confirmed(fixed))
        return Reviewed(carried, fixed)

    def _judged(self, carry, batches):
        """What is said last of each report, in the order in which they came."""
        latest = {}
        for batch in batches:
            for one in carry.judge(carry.take(batch), fold(self.events)):
                latest[one.report] = one
        return tuple(latest.values())

    async def _reports(self, texts, quote, claim):
        source = ChangeSource(ChangeKind.WORKTREE, "worktree", "")
        files = tuple(added_file(path, *text.split("\n")) for path, text in texts.items())
        grounding = Grounding(Change(source, files), GivenContents(texts))
        said = [replace(raw("Broad catch", "", 1, quote), claim=claim)]
        if self.claims:
            said = [
                replace(said[0], rule="", title="Race", claim=one, claim_key="model/race")
                for one in self.claims
            ]
        return [
            await grounding.check(
                replace(one, path=path, start_line=number, end_line=number), Lens.RISK
            )
            for path, text in texts.items()
            for number, row in enumerate(text.split("\n"), start=1)
            if row.strip() == quote
            for one in said
        ]

    def write(self, *payloads):
        self.events += [self._event(payload) for payload in payloads]

    def decide(self, report, reason, until=None, verdict=Verdict.REJECT):
        number = next(self.numbers)
        subjects = (report.fingerprint,)
        self.write(DecisionMade(f"a{number}", subjects, Decision(verdict, reason), until))

    def _event(self, payload):
        number = next(self.numbers)
        at = f"2026-01-01T00:00:00.{number:06}+00:00"
        return Event(f"e{number}", self.session, REPOSITORY, at, "Ada <a@b>", payload)


@pytest.fixture
def reviews():
    return Reviews()


def stored(journal, events):
    """Write the events with the beginnings of their sessions."""
    for one in dict.fromkeys(event.session for event in events):
        journal.append([opened(one, repository=REPOSITORY)])
        journal.append([event for event in events if event.session == one])


async def test_a_history_comes_out_of_the_journal(reviews, tmp_path):
    first = await reviews.run({"a.py": CODE})
    await reviews.run({"a.py": "x = 1\n"})
    with Journal.open(tmp_path / "journal.sqlite") as journal:
        stored(journal, reviews.events)
        history = load_history(journal, REPOSITORY, ["a.py"])
        assert not load_history(journal, "another", ["a.py"]).known
    (known,) = history.known.values()
    assert (known.report.fingerprint, known.is_fixed) == (first.names[0], True)


async def test_of_a_long_past_only_what_the_change_touches_is_read(reviews, tmp_path):
    told = await reviews.run({"told.py": CODE})
    reviews.write(ConventionWritten("c1", "So.", (told.names[0],), "Ada"))
    for path in ("old.py", "b.py", "c.py"):
        await reviews.run({path: TWIN.replace("second", path[0])})
    with Journal.open(tmp_path / "journal.sqlite") as journal:
        stored(journal, reviews.events)
        history = load_history(journal, REPOSITORY, ["b.py", "c.py", "never.py"])
        without = load_history(journal, REPOSITORY, ["b.py", "c.py"], reviews.session)
    assert list(history.by_path) == ["told.py", "b.py", "c.py"]
    assert list(without.by_path) == ["told.py", "b.py"]
    assert history.conventions["c1"].origins


async def test_what_was_fixed_or_put_off_is_known_of_the_files_that_are_read(reviews, tmp_path):
    first = await reviews.run({"a.py": CODE, "b.py": TWIN})
    later = Decision(Verdict.REJECT, Reason.LATER)
    reviews.write(DecisionMade("put-off", (first.names[0],), later))
    reviews.write(DecisionMade("elsewhere", (first.names[1],), later))
    with Journal.open(tmp_path / "journal.sqlite") as journal:
        stored(journal, reviews.events)
        history = load_history(journal, REPOSITORY, ["a.py"])
    assert list(history.put_off) == [("put-off", first.names[0])]


async def test_a_problem_is_new_then_still_there_then_fixed_then_back(reviews):
    first = await reviews.run({"a.py": CODE})
    again = await reviews.run({"a.py": "import os\n\n" + CODE})
    gone = await reviews.run({"a.py": "def first():\n    load()\n"})
    quiet = await reviews.run({"a.py": "def first():\n    load()\n"})
    back = await reviews.run({"a.py": CODE})
    after = await reviews.run({"a.py": CODE})
    assert [one.states for one in (first, again, gone, back, after)] == [
        [NEW], [STILL], [], [BACK], [STILL],
    ]  # fmt: skip
    assert first.names == again.names == back.names == after.names
    assert [len(one.fixed) for one in (first, again, gone, quiet)] == [0, 0, 1, 0]
    assert "the code is gone" in gone.fixed[0].evidence


@pytest.mark.parametrize("reading", [Reading.SKIPPED, Reading.FAILED, Reading.TRUNCATED])
async def test_nothing_is_fixed_in_a_file_that_was_not_read_whole(reviews, reading):
    await reviews.run({"a.py": CODE})
    assert not (await reviews.run({"a.py": "x = 1\n"}, reading=reading)).fixed
    assert not (await reviews.run({"b.py": "x = 1\n"})).fixed


async def test_code_that_stands_is_fixed_only_if_it_was_in_the_change(reviews):
    await reviews.run({"a.py": CODE})
    assert not (await reviews.run({"a.py": CODE}, finds=False, changed=range(1, 3))).fixed
    (fixed,) = (await reviews.run({"a.py": CODE}, finds=False, changed=range(4, 5))).fixed
    assert "no longer reports it" in fixed.evidence


async def test_a_twin_put_before_is_new_and_takes_no_name(reviews):
    (name,) = (await reviews.run({"a.py": CODE})).names
    both = await reviews.run({"a.py": TWIN + "\n" + CODE})
    assert both.states == [NEW, STILL]
    assert both.names[1] == name != both.names[0]
    assert (await reviews.run({"a.py": TWIN + "\n" + CODE})).names == both.names


async def test_a_new_twin_reported_alone_takes_no_name(reviews):
    await reviews.run({"a.py": CODE})
    same_block = CODE.replace(
        "def first():\n",
        "def first():\n    try:\n        x()\n    except Exception:\n        y()\n",
    )
    alone = await reviews.run({"a.py": same_block}, only={4})
    assert alone.states == [NEW]


async def test_the_same_code_in_two_files_are_two_problems(reviews):
    first = await reviews.run({"a.py": CODE, "b.py": CODE})
    assert len(set(first.names)) == 2
    swapped = await reviews.run({"b.py": CODE, "a.py": CODE})
    assert swapped.names == first.names[::-1]
    assert swapped.states == [STILL, STILL]


async def test_a_renamed_file_keeps_its_names_and_a_copied_one_gets_new_ones(reviews):
    first = await reviews.run({"a.py": CODE})
    copied = await reviews.run({"a.py": CODE, "copy.py": CODE})
    assert copied.states == [STILL, NEW]
    renamed = await reviews.run({"b.py": CODE, "copy.py": CODE})
    assert renamed.states == [STILL, STILL]
    assert renamed.names == copied.names
    assert renamed.names[0] == first.names[0]


async def test_batches_and_their_order_do_not_matter(reviews):
    texts = {"a.py": TWIN + "\n" + CODE + "\n" + CODE.replace("first", "third")}
    await reviews.run({"a.py": CODE + "\n" + TWIN})
    history = history_of(reviews.events)
    reports = await reviews._reports(texts, QUOTE, "")
    found = []
    for order in (reports, reports[::-1]):
        carry = CarryOver(history, session="s", today="")
        names = {}
        for report in order:
            for path in carry.needs([report]):
                carry.give(path, texts.get(path))
            (carried,) = carry.take([report])
            names[report.anchor.start_line] = carried.report.fingerprint
        found.append(names)
    assert found[0] == found[1]
    assert len(set(found[0].values())) == 3


async def test_edited_code_is_still_there_under_a_new_name_and_neither_fixed_nor_decided(reviews):
    code = "def f():\n    run(command, shell=True)\n"
    first = await reviews.run({"a.py": code}, quote="run(command, shell=True)")
    reviews.decide(first.carried[0].report, Reason.REVIEWER_WRONG)
    edited = code.replace("True)", "True, timeout=3)")
    second = await reviews.run({"a.py": edited}, quote="run(command, shell=True, timeout=3)")
    (carried,) = second.carried
    assert (carried.state, carried.is_edited, carried.suppression) == (STILL, True, None)
    assert carried.earlier == first.carried[0].report
    assert second.names != first.names
    assert not second.fixed
    third = await reviews.run({"a.py": edited}, quote="run(command, shell=True, timeout=3)")
    assert (third.states, third.names, third.fixed) == ([STILL], second.names, ())


async def test_a_rejection_holds_with_reason_owner_and_time_while_code_and_claim_stay(reviews):
    first = await reviews.run({"a.py": CODE})
    reviews.decide(first.carried[0].report, Reason.REVIEWER_WRONG)
    (again,) = (await reviews.run({"a.py": "import os\n" + CODE.replace("load", "other")})).carried
    assert again.suppression is not None
    assert again.suppression.why == "the reviewer is wrong"
    assert again.suppression.owner == "Ada <a@b>"
    assert again.suppression.at.startswith("2026-01-01")


async def test_an_accepted_or_escalated_finding_is_asked_again(reviews):
    first = await reviews.run({"a.py": CODE})
    reviews.decide(first.carried[0].report, Reason.FIX, verdict=Verdict.ACCEPT)
    (again,) = (await reviews.run({"a.py": CODE})).carried
    assert again.suppression is None


async def test_what_was_put_off_comes_back_on_its_day(reviews):
    first = await reviews.run({"a.py": CODE})
    reviews.decide(first.carried[0].report, Reason.LATER, until="2026-02-01")
    (before,) = (await reviews.run({"a.py": CODE}, today="2026-01-31")).carried
    assert (before.is_reopened, before.suppression.until) == (False, "2026-02-01")
    (after,) = (await reviews.run({"a.py": CODE}, today="2026-02-01")).carried
    assert (after.is_reopened, after.suppression) == (True, None)


async def test_a_convention_answers_the_same_claim_in_its_paths_only(reviews):
    first = await reviews.run({"src/a.py": CODE})
    subjects = (first.names[0],)
    reviews.write(ConventionWritten("c1", "Jobs swallow errors.", subjects, "Ada", "/src/"))
    texts = {"src/b.py": TWIN, "lib/c.py": TWIN}
    inside, outside = (await reviews.run(texts)).carried
    assert inside.suppression.convention == "c1"
    assert inside.suppression.why == "Jobs swallow errors."
    assert (inside.state, outside.suppression) == (NEW, None)


async def test_a_convention_with_a_pattern_that_is_none_answers_nothing_else(reviews):
    first = await reviews.run({"src/a.py": CODE})
    reviews.write(ConventionWritten("c1", "So.", (first.names[0],), "Ada", "[never closed"))
    (other,) = (await reviews.run({"src/b.py": TWIN})).carried
    assert other.suppression is None


async def test_a_claim_in_other_words_keeps_its_name(reviews):
    said = "The error is swallowed, so a failed load goes unseen."
    first = await reviews.run({"a.py": CODE}, claim=said)
    again = await reviews.run({"a.py": CODE}, claim="A failing load is silently ignored here.")
    assert again.names == first.names


LOST = "Two requests both pass the balance check, a race, and one payment is lost."
EARLY = "The lock is released before the commit: a race with whoever reads next."


async def both(reviews, texts, *claims, **given):
    """A session in which a model says these things about one line of a.py, in this order."""
    reviews.claims = claims
    return await reviews.run(texts, **given)


def stated(reviewed):
    return {one.report.claim: one.report.fingerprint for one in reviewed.carried}


@pytest.mark.parametrize("order", [(LOST, EARLY), (EARLY, LOST)])
async def test_two_claims_of_one_kind_keep_their_names_in_any_order(reviews, order):
    first = await both(reviews, {"a.py": CODE}, LOST, EARLY)
    reviews.decide(first.carried[0].report, Reason.REVIEWER_WRONG)
    again = await both(reviews, {"a.py": "import os\n\n" + CODE}, *order)

    assert len(set(first.names)) == 2
    assert stated(again) == stated(first)
    assert again.states == [STILL, STILL]
    assert [one.report.claim for one in again.carried if one.suppression] == [LOST]
    assert not again.fixed


@pytest.mark.parametrize("left", [LOST, EARLY])
async def test_of_two_claims_of_one_kind_the_one_that_is_gone_is_fixed(reviews, left):
    first = await both(reviews, {"a.py": CODE}, LOST, EARLY)
    quiet = await both(reviews, {"a.py": CODE}, left, changed=range(90, 99))
    later = await both(reviews, {"a.py": CODE}, left)

    assert stated(quiet) == {left: stated(first)[left]}
    assert not quiet.fixed
    assert [one.report.claim for one in later.fixed] == [{LOST: EARLY, EARLY: LOST}[left]]
    assert "read the code again" in later.fixed[0].evidence


async def test_two_claims_of_one_kind_are_gone_with_their_code(reviews):
    await both(reviews, {"a.py": CODE}, LOST, EARLY)
    gone = await both(reviews, {"a.py": "pass\n"}, LOST, EARLY)

    assert {one.report.claim for one in gone.fixed} == {LOST, EARLY}
    assert all("the code is gone" in one.evidence for one in gone.fixed)


async def test_a_second_claim_of_a_kind_is_new_beside_a_known_one(reviews):
    first = await both(reviews, {"a.py": CODE}, LOST)
    second = await both(reviews, {"a.py": CODE}, LOST, EARLY)

    assert second.states == [STILL, NEW]
    assert second.names[0] == first.names[0] != second.names[1]


async def test_two_claims_about_a_twin_are_two_more(reviews):
    first = await both(reviews, {"a.py": CODE}, LOST, EARLY)
    second = await both(reviews, {"a.py": CODE + "\n" + TWIN}, LOST, EARLY)

    assert len(set(second.names)) == 4
    assert set(first.names) < set(second.names)
    assert sorted(second.states) == sorted([STILL, STILL, NEW, NEW])
    assert not (await both(reviews, {"a.py": TWIN + "\n" + CODE}, LOST, EARLY)).fixed


LOST_AGAIN = "If requests overlap, both of them pass the check and a payment disappears."
IN_ONE_BATCH_OR_STREAMED = pytest.mark.parametrize("streamed", [False, True])


@IN_ONE_BATCH_OR_STREAMED
@pytest.mark.parametrize("order", [(LOST_AGAIN, EARLY), (EARLY, LOST_AGAIN)])
@pytest.mark.parametrize("reason", [Reason.INTENDED, Reason.REVIEWER_WRONG])
async def test_a_decision_does_not_answer_another_claim_of_the_kind(
    reviews, order, streamed, reason
):
    first = await both(reviews, {"a.py": CODE}, LOST)
    reviews.decide(first.carried[0].report, reason)
    if reason is Reason.INTENDED:
        reviews.write(ConventionWritten("c1", "So.", (first.names[0],), "Ada"))
    again = await both(reviews, {"a.py": CODE}, *order, streamed=streamed)
    found = {one.report.claim: one for one in again.carried}

    assert len(set(again.names)) == len(found) == 2
    assert (found[EARLY].state, found[EARLY].suppression) == (NEW, None)
    if streamed and order[0] == EARLY:
        # It had the name before anybody could know, so both are asked.
        assert found[EARLY].is_reopened
        assert found[LOST_AGAIN].state is NEW
    else:
        assert found[LOST_AGAIN].report.fingerprint == first.names[0]
        assert found[LOST_AGAIN].suppression is not None


@IN_ONE_BATCH_OR_STREAMED
@pytest.mark.parametrize("order", [(LOST, EARLY), (EARLY, LOST)])
async def test_claims_that_were_told_apart_once_keep_their_names(reviews, order, streamed):
    await both(reviews, {"a.py": CODE}, LOST)
    first = await both(reviews, {"a.py": CODE}, EARLY, LOST_AGAIN)
    for texts in ({"a.py": CODE}, {"a.py": "import os\n\n" + CODE}):
        again = await both(reviews, texts, *order, streamed=streamed)
        assert set(again.names) == set(first.names)
        assert stated(again)[EARLY] == stated(first)[EARLY]
        assert again.states == [STILL, STILL]
        assert not again.fixed


async def test_one_of_several_claims_is_recognised_by_its_words_alone(reviews):
    first = await both(reviews, {"a.py": CODE}, LOST, EARLY)
    reviews.decide(first.carried[0].report, Reason.REVIEWER_WRONG)
    third = "A reader waits for ever on the queue."
    (alone,) = (await both(reviews, {"a.py": CODE}, third)).carried

    assert (alone.state, alone.suppression) == (NEW, None)
    assert alone.report.fingerprint not in first.names


async def test_the_only_claim_of_its_kind_keeps_its_name_in_any_words(reviews):
    first = await both(reviews, {"a.py": CODE}, LOST)
    reviews.decide(first.carried[0].report, Reason.REVIEWER_WRONG)
    (alone,) = (await both(reviews, {"a.py": CODE}, EARLY)).carried

    assert alone.report.fingerprint == alone.own == first.names[0]
    assert alone.suppression is not None


@IN_ONE_BATCH_OR_STREAMED
@pytest.mark.parametrize("order", [(LOST_AGAIN, EARLY), (EARLY, LOST_AGAIN)])
async def test_a_convention_answers_of_several_claims_the_one_it_names(reviews, order, streamed):
    first = await both(reviews, {"src/a.py": CODE}, LOST)
    reviews.write(ConventionWritten("c1", "So.", (first.names[0],), "Ada"))
    texts = {"src/b.py": TWIN}
    both_found = (await both(reviews, texts, *order, streamed=streamed)).carried
    assert [one.report.claim for one in both_found if one.suppression] == [LOST_AGAIN]


async def test_a_convention_answers_the_only_claim_of_its_kind_in_any_words(reviews):
    first = await both(reviews, {"src/a.py": CODE}, LOST)
    reviews.write(ConventionWritten("c1", "So.", (first.names[0],), "Ada"))
    (alone,) = (await both(reviews, {"src/b.py": TWIN}, EARLY)).carried
    assert alone.suppression.convention == "c1"


ENDLESS = "A reader waits for ever on the queue."
OTHERWISE = "Nobody synchronises the counter: increments vanish."


@IN_ONE_BATCH_OR_STREAMED
@pytest.mark.parametrize("known", [(LOST,), (EARLY, LOST), (LOST, EARLY, ENDLESS)])
@pytest.mark.parametrize("order", permutations((LOST_AGAIN, EARLY, ENDLESS, OTHERWISE), 4))
async def test_no_claim_is_lost_whatever_was_known_and_came_first(reviews, known, order, streamed):
    first = await both(reviews, {"a.py": CODE}, *known)
    for one in first.carried:
        reviews.decide(one.report, Reason.REVIEWER_WRONG)
    again = await both(reviews, {"a.py": CODE}, *order, streamed=streamed)
    decided = {one.report.fingerprint: one.report.claim for one in first.carried}
    answered = {
        (one.report.claim, decided[one.report.fingerprint])
        for one in again.carried
        if one.suppression
    }

    assert len(set(again.names)) == len(again.carried) == len(order)
    assert answered <= {(LOST_AGAIN, LOST), (EARLY, EARLY), (ENDLESS, ENDLESS)}


@pytest.mark.parametrize("order", [(LOST_AGAIN, EARLY), (EARLY, LOST_AGAIN)])
async def test_the_screen_and_the_export_show_the_same_claims(tmp_path, order):
    def said(*claims):
        report = replace(raw("Race", "a.py", 3, QUOTE, reviewer=OPUS), rule="")
        signals = [replace(report, claim=one, claim_key="model/race") for one in claims]
        return session(tmp_path / "journal.sqlite", ScriptedReviewer(OPUS, signals=signals))

    a = await reviewed(said(LOST))
    await a.decide(a.snapshot.findings, Decision(Verdict.REJECT, Reason.INTENDED))
    await a.close()
    b = await reviewed(said(*order))
    await b.close()
    document = stored_document(tmp_path / "journal.sqlite", "repo", [b.snapshot.session])

    shown = {one.lead.claim: b.snapshot.suppression(one) is None for one in b.snapshot.findings}
    exported = {one.finding.lead.claim: one.standing is Standing.OPEN for one in document.entries}
    assert shown == exported == {LOST_AGAIN: False, EARLY: True}


async def test_known_claims_are_taken_apart_once_however_many_are_compared(reviews, monkeypatch):
    asked = Counter()
    monkeypatch.setattr(claim, "stems", lambda text: asked.update([text]) or stems(text))
    claims = [f"alpha{one} beta{one} gamma{one} delta{one}" for one in range(30)]
    first = await both(reviews, {"a.py": CODE}, *claims)
    asked.clear()
    again = await both(reviews, {"a.py": CODE}, *claims[::-1])

    assert stated(again) == stated(first)
    # As a known claim, when it is told apart, when its nearest is looked for, and when it is found.
    assert max(asked.values()) <= 4
