"""A session folds to the same findings while it runs and out of its journal."""

import asyncio
import tempfile
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.disagreement.speaking import CLAUDE, GEMINI, GPT, RACE, RACE_TOO, SECRET, TYPO, said
from tests.fakes.reports import RISK
from tests.fakes.reviewer import GivenContents, ScriptedReviewer, raw
from tests.review.session.test_session import TEXTS, session
from xreview.disagreement.fold import FindingsFold
from xreview.disagreement.rank import ranked
from xreview.domain.change import ChangeKind
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.events.event import (
    CoverageReceived,
    ReportReceived,
    ReviewersJoined,
    SessionOpened,
    StanceTaken,
)
from xreview.domain.report import Report, Severity
from xreview.domain.stance import Stance, StanceKind
from xreview.review.record.document import document_of, stored_document
from xreview.review.session.gathered import GatheredReports
from xreview.review.session.runner import Joined, ReviewerUpdate

PANEL = [CLAUDE, GPT, RISK]
CLAIMS = [RACE, RACE_TOO, SECRET, TYPO, "`x`", "balance"]
PATHS = st.sampled_from(["a.py", "b.py", ""])
reports = st.builds(
    said,
    st.sampled_from(CLAIMS),
    st.sampled_from([*PANEL, GEMINI]),
    line=st.integers(1, 3),
    path=PATHS,
    severity=st.sampled_from(Severity),
    anchored=st.booleans(),
)
again = st.builds(lambda one, claim: replace(one, claim=claim), reports, st.sampled_from(CLAIMS))
entries = st.builds(
    CoverageEntry,
    st.sampled_from([one.name for one in [*PANEL, GEMINI]]),
    PATHS,
    st.sampled_from([Reading.READ, Reading.TRUNCATED]),
)
stances = st.builds(
    lambda report, party, kind, anchored: StanceTaken(
        (report.fingerprint,), Stance(party, kind, "So it is.", anchored=anchored)
    ),
    reports,
    st.sampled_from([GPT, GEMINI]),
    st.sampled_from([one for one in StanceKind if one is not StanceKind.RAISES]),
    st.booleans(),
)
facts = st.lists(reports | again | entries | stances, max_size=20)


def reader(identity) -> ScriptedReviewer:
    return ScriptedReviewer(identity)


@given(facts, st.lists(st.integers(1, 4), min_size=1), st.integers(0, 20))
@settings(deadline=None)
def test_facts_fold_alike_as_they_come_and_from_the_events_that_record_them(facts, sizes, joining):
    live = GatheredReports([reader(one) for one in PANEL])
    events = [SessionOpened(ChangeKind.WORKTREE, "", None, None, "", tuple(PANEL))]
    for at, fact in enumerate(facts):
        if at == joining:
            live.hear([ReviewerUpdate(-1, Joined((reader(GEMINI),)))])
            events.append(ReviewersJoined((GEMINI,)))
        if isinstance(fact, StanceTaken):
            live.take_stances([fact])
            events.append(fact)
        else:
            live.file(live.hear([ReviewerUpdate(-1, fact)]))
        if isinstance(fact, Report):
            events.append(ReportReceived(fact))
        if at % sizes[at % len(sizes)] == 0:
            assert isinstance(live.findings, tuple)  # somebody looks in between
    live.stop([])
    stored = FindingsFold()
    for event in [*events, CoverageReceived(live.coverage)]:
        stored.take(event)
    stored.settle()
    assert stored.findings == live.findings
    assert stored.coverage == list(live.coverage)
    assert ranked(stored.findings) == ranked(live.findings)


said_in_code = st.builds(
    lambda title, place, severity, rule: replace(
        raw(title, *place, severity=severity), rule=rule, claim_key=rule or title
    ),
    st.sampled_from(["swallowed error", "the error is swallowed", "endless retry", "race"]),
    st.sampled_from(
        [("a.py", 3, "except Exception:"), ("a.py", 2, "    load()"), ("b.py", 1, "retry()"),
         ("b.py", 1, "nowhere()")]
    ),
    st.sampled_from(Severity),
    st.sampled_from(["", "rule"]),
)  # fmt: skip


@given(st.lists(said_in_code, max_size=8), st.lists(said_in_code, max_size=8), st.booleans())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_session_and_its_journal_hold_the_same_findings_states_and_order(first, second, fails):
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_compare(Path(folder) / "journal.sqlite", first, second, fails))


async def _compare(journal: Path, first, second, fails) -> None:
    for signals in (first, second):  # the second session carries over what the first one knew
        mine = [replace(one, reviewer=CLAUDE) for one in signals]
        theirs = [replace(one, reviewer=GPT) for one in reversed(signals[1:])]
        made = session(
            journal,
            ScriptedReviewer(CLAUDE, signals=mine),
            ScriptedReviewer(GPT, signals=theirs, failure="Out of order." if fails else ""),
        )
        await made.open()
        async with aclosing(made.review(GivenContents(TEXTS))) as updates:
            async for _ in updates:
                pass
        stored = stored_document(journal, "repo", [made.snapshot.session])
        memory = document_of(made.snapshot)
        await made.close()
        assert [one.finding for one in stored.entries] == list(made.snapshot.findings)
        assert [replace(one, seen_at="") for one in stored.entries] == [
            replace(one, seen_at="") for one in memory.entries
        ]
        assert stored.latest.account == memory.latest.account
        assert stored.latest.failures == memory.latest.failures
