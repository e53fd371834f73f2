"""Documents for the tests of the exports."""

from dataclasses import fields, replace

from hypothesis import strategies as st

from tests.domain import strategies as words
from tests.domain.session_account import facts_told
from xreview.domain.account import EMPTY_ACCOUNT, Account, AccountEntry, Fate
from xreview.domain.attempt.takes import HeldTake
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.authorship.author import Author
from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, FileStatus, Side
from xreview.domain.changed_file import changed_file
from xreview.domain.coverage import CoverageEntry, CoverageSummary, Reading
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.escalation import Opinion, Outcome
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.events.carried import CarriedState, Suppression
from xreview.domain.events.escalation_events import Favour, OpinionGiven
from xreview.domain.events.event import AttentionWeighed, EscalationResolved
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.state import FindingFix
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import (
    Category,
    Confidence,
    Lens,
    Report,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
    Suggestion,
)
from xreview.domain.session_account.counting import session_account
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.state import Decided
from xreview.export.document import ExportDocument, ExportEntry, ExportSession, in_reading_order

RUFF = ReviewerIdentity("risk", ReviewerKind.ANALYSER, "ruff", "0.14.1")
OPUS = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "opus-4")
AT = "2025-11-21T10:00:00.000000+00:00"

REPORT = Report(
    fingerprint="f1",
    reviewer=RUFF,
    lens=Lens.RISK,
    rule="S608",
    title="SQL built from a string",
    claim="The query is put together from user input.",
    scenario="A name with a quote in it changes the query.",
    category=Category.SECURITY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    anchor=Anchor("shop/cart.py", Side.NEW, 12, 13, "execute(\n    f'… {name}')"),
    suggestion=Suggestion("Pass the name as a parameter.", "execute('… ?', [name])"),
)


def finding(fingerprint="f1", **changed) -> Finding:
    report = replace(REPORT, fingerprint=fingerprint, **changed)
    return Finding((report,), (), Disagreement.LONE)


def decision(verdict: Verdict, reason: Reason) -> Decided:
    return Decided("a1", Decision(verdict, reason), "s1", AT, "Ada <ada@example.com>")


FIX = decision(Verdict.ACCEPT, Reason.FIX)
FIX_DIFFERENTLY = decision(Verdict.ACCEPT, Reason.FIX_DIFFERENTLY)
INTENDED = decision(Verdict.REJECT, Reason.INTENDED)
MEASURE = decision(Verdict.ESCALATE, Reason.MEASURE)

CLAUDE = FixerIdentity("claude-code", FixerKind.AGENT, "anthropic", "claude-opus-5")
MENDED = FindingFix("x1", CLAUDE, FixOutcome.FIXED, "quote changed, verifier: gone", AT)
"""What an agent fixed, not applied."""

CONTESTED = Finding(
    (replace(REPORT, fingerprint="f2", title="A race on the stock"),),
    (Stance(OPUS, StanceKind.REBUTS, "The lock is held.", "with lock:", "A stress test."),),
    Disagreement.CONTESTED,
)
GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-4")
OPINION = OpinionGiven(
    "a1",
    ("f2",),
    GEMINI,
    Favour.BOTH,
    True,
    "The lock is held, but not by the job.",
    "job.run(stock)",
    "A test with the job.",
    "shop/job.py",
    7,
    True,
)
ANSWER = EscalationResolved(
    "a1", ("f2",), "the report is right: Lock it in the job too.", "Bob <bob@example.com>"
)
LATER_AT = "2025-11-22T08:15:00.000000+00:00"
ESCALATED = ExportEntry(
    CONTESTED,
    decision(Verdict.ESCALATE, Reason.PERSON),
    opinions=(Opinion(OPINION, AT),),
    outcomes=(Outcome(ANSWER, LATER_AT),),
)
"""A contested finding with an opinion and a colleague's answer."""

SESSION = ExportSession(
    id="s1",
    opened_at="2025-11-21T09:00:00.000000+00:00",
    last_at=AT,
    source=ChangeSource(ChangeKind.BRANCH, "main..feature", "/home/ada/shop", "a" * 40, None),
    author=Author(
        "codex", "openai", "gpt-5", ("a trailer of commit 1a2b3c names it",), Confidence.HIGH
    ),
    reviewers=(RUFF, OPUS),
    coverage=CoverageSummary(read=7, skipped=1, gaps=1),
    account=Account(
        (
            AccountEntry("shop/cart.py", 5, Fate.READ, ("ruff", "opus")),
            AccountEntry("big.sql", 30_000, Fate.NOT_READ, (), "cut off at 20,000 lines"),
        )
    ),
    gaps=(CoverageEntry("opus", "big.sql", Reading.TRUNCATED, "cut off at 20,000 lines"),),
    is_over=True,
    notices=("shallow clone",),
)
DOCUMENT = ExportDocument(
    program_version="0.1.0",
    sessions=(SESSION,),
    entries=(
        ExportEntry(finding("f3", severity=Severity.LOW, title="Low one"), INTENDED, "by design"),
        ExportEntry(finding("f1"), FIX),
        ExportEntry(finding("f4", severity=Severity.CRITICAL, title="Worst"), FIX_DIFFERENTLY, "x"),
        ExportEntry(CONTESTED, MEASURE),
        ExportEntry(finding("f5", title="Untouched")),
    ),
)


def altered(document=DOCUMENT, **changed) -> ExportDocument:
    """The document with other fields; those of a session are of its latest one."""
    names = {field.name for field in fields(ExportDocument)}
    own = {name: changed.pop(name) for name in names & changed.keys()}
    if changed.pop("is_complete", False):
        changed |= {"is_over": True, "gaps": (), "failures": {}, "account": EMPTY_ACCOUNT}
    first, *others = document.sessions
    return replace(document, **{"sessions": (replace(first, **changed), *others), **own})


SUPPRESSION = Suppression("Shops trust their own carts.", "Bob <bob@example.com>", AT, "c1")
PUT_OFF = Suppression("right, but later", "Bob <bob@example.com>", AT, until="2026-01-31")
EARLIER = ExportSession(
    "s0",
    "2025-11-20T09:00:00.000000+00:00",
    "2025-11-20T09:30:00.000000+00:00",
    ChangeSource(ChangeKind.COMMIT, "commit 1a2b3c", "/home/ada/shop", None, "b" * 40),
    Author(vendor="anthropic", model="opus-4"),
    (OPUS,),
    CoverageSummary(read=3),
    failures={"opus": "The model is out of order."},
    is_over=True,
    notices=("merge in progress",),
)
RANKED = replace(DOCUMENT, entries=in_reading_order(DOCUMENT.entries))

SEVERAL = ExportDocument(
    "0.1.0",
    (SESSION, EARLIER),
    (
        ExportEntry(finding("f1"), FIX, session="s1", seen_at=AT, carried=CarriedState.STILL_THERE),
        ExportEntry(
            finding("f8", title="Answered"), suppression=SUPPRESSION, session="s1", seen_at=AT
        ),
        ExportEntry(
            finding("f7", title="Gone", reviewer=OPUS, rule=""),
            FIX,
            session="s0",
            seen_at=EARLIER.last_at,
            carried=CarriedState.FIXED,
            same_family=frozenset({"opus"}),
        ),
        ExportEntry(
            finding("f9", title="Put off"),
            replace(decision(Verdict.REJECT, Reason.LATER), until="2026-01-31"),
            suppression=PUT_OFF,
            session="s0",
            seen_at=EARLIER.last_at,
        ),
    ),
)
"""Two sessions: with what a convention answers, what was fixed and what was put off."""

CART_DIFF = FileDiff(
    "shop/cart.py",
    FileStatus.MODIFIED,
    body=(
        b"@@ -10,3 +10,5 @@ def add(name):\n"
        b" def add(name):\n"
        b"-    execute(name)\n"
        b"+    check(name)\n"
        b"+execute(\n"
        b"+    f'\xe2\x80\xa6 {name}')\n"
        b"     return name\n"
    ),
)
CART = changed_file(CART_DIFF)
"""The file that `REPORT` is about, whose new lines 12 and 13 are its quote."""

files = st.builds(
    FileDiff,
    words.names,
    st.sampled_from(FileStatus),
    body=st.sampled_from([b"", CART_DIFF.body, b"@@ -1 +1 @@\n-\x1b[2J\n+\xff`\n"]),
).map(changed_file)
session_ids = st.sampled_from(["s0", "s1", "\x1b[2J"])
fixes = st.builds(
    FindingFix,
    words.names,
    words.fixers,
    st.sampled_from(FixOutcome),
    words.texts,
    words.times | words.texts,
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
entries = st.builds(
    ExportEntry,
    words.findings,
    st.none() | words.decided,
    words.texts,
    carried=st.none() | st.sampled_from(CarriedState),
    suppression=st.none() | words.suppressions,
    session=session_ids | words.texts,
    seen_at=words.times | words.texts,
    same_family=st.frozensets(words.names, max_size=2),
    author_family=words.texts,
    opinions=st.lists(
        st.builds(Opinion, words.by_kind[OpinionGiven], words.times | words.texts), max_size=1
    ).map(tuple),
    fix=st.none() | fixes,
    threads=st.lists(words.seen_threads, max_size=2).map(tuple),
    attention=st.none() | st.sampled_from(AttentionLevel),
    outcomes=st.lists(
        st.builds(Outcome, words.by_kind[EscalationResolved], words.times | words.texts),
        max_size=1,
    ).map(tuple),
)
authors = st.builds(
    Author,
    words.texts,
    words.texts,
    words.texts,
    st.lists(words.texts, max_size=2).map(tuple),
    st.none() | st.sampled_from(Confidence),
)
takes = st.builds(
    HeldTake,
    words.by_kind[AttemptTaken],
    words.times,
    words.texts,
    st.dictionaries(words.labels, words.seats, max_size=2),
)
sessions = st.builds(
    ExportSession,
    id=session_ids,
    opened_at=words.times | words.texts,
    last_at=words.times | words.texts,
    source=words.sources,
    author=authors,
    reviewers=st.lists(words.reviewers, max_size=2).map(tuple),
    coverage=st.builds(CoverageSummary, words.numbers, words.numbers, words.numbers),
    gaps=st.lists(words.coverage_entries, max_size=2).map(tuple),
    failures=st.dictionaries(words.names, words.texts, max_size=1),
    is_over=st.booleans(),
    notices=st.lists(words.texts, max_size=1).map(tuple),
    files=st.lists(files, max_size=2).map(tuple),
    families=st.dictionaries(words.names, words.texts, max_size=2),
    taken=st.lists(takes, max_size=1).map(tuple),
    attention=st.none() | words.by_kind[AttentionWeighed],
    session_account=st.none() | facts_told.named_facts.map(session_account),
)
documents = st.builds(
    ExportDocument,
    program_version=words.texts,
    sessions=st.lists(sessions, min_size=1, max_size=2, unique_by=lambda one: one.id).map(tuple),
    entries=st.lists(entries, max_size=3).map(tuple),
    left_out=st.integers(0, 3),
)
