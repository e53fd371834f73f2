"""Documents for the tests of the exports."""

from dataclasses import replace

from hypothesis import strategies as st

from xreview.domain.anchor import Anchor
from xreview.domain.carry_over import CarriedState
from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, FileStatus, Side
from xreview.domain.coverage import CoverageEntry, CoverageSummary, Reading
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.disagreement import Disagreement
from xreview.domain.finding import Finding
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
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.state import Decided
from xreview.export.base import ExportDocument, ExportEntry

from ..domain import strategies as words

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

CONTESTED = Finding(
    (replace(REPORT, fingerprint="f2", title="A race on the stock"),),
    (Stance(OPUS, StanceKind.REBUTS, "The lock is held.", "with lock:", "A stress test."),),
    Disagreement.CONTESTED,
)

DOCUMENT = ExportDocument(
    program_version="0.1.0",
    exported_at=AT,
    source=ChangeSource(
        ChangeKind.BRANCH, "main..feature", "/home/ada/shop", "a" * 40, None, ("shallow clone",)
    ),
    author="openai gpt-5",
    reviewers=(RUFF, OPUS),
    entries=(
        ExportEntry(finding("f3", severity=Severity.LOW, title="Low one"), INTENDED, "by design"),
        ExportEntry(finding("f1"), FIX),
        ExportEntry(finding("f4", severity=Severity.CRITICAL, title="Worst"), FIX_DIFFERENTLY, "x"),
        ExportEntry(CONTESTED, MEASURE),
        ExportEntry(finding("f5", title="Untouched")),
    ),
    coverage=CoverageSummary(read=7, skipped=1, gaps=1),
    gaps=(CoverageEntry("opus", "big.sql", Reading.TRUNCATED, "cut off at 20,000 lines"),),
    is_complete=False,
)

CART = FileDiff(
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
"""The file that `REPORT` is about, whose new lines 12 and 13 are its quote."""

files = st.builds(
    FileDiff,
    words.names,
    st.sampled_from(FileStatus),
    body=st.sampled_from([b"", CART.body, b"@@ -1 +1 @@\n-\x1b[2J\n+\xff`\n"]),
)
entries = st.builds(
    ExportEntry,
    words.findings,
    st.none() | words.decided,
    words.texts,
    carried=st.none() | st.sampled_from(CarriedState),
    session=words.texts,
    seen_at=words.times | words.texts,
)
documents = st.builds(
    ExportDocument,
    program_version=words.texts,
    exported_at=words.times | words.texts,
    source=words.sources,
    author=words.texts,
    reviewers=st.lists(words.reviewers, max_size=2).map(tuple),
    entries=st.lists(entries, max_size=3).map(tuple),
    coverage=st.builds(CoverageSummary, words.numbers, words.numbers, words.numbers),
    gaps=st.lists(words.coverage_entries, max_size=2).map(tuple),
    is_complete=st.booleans(),
    left_out=st.integers(0, 3),
    files=st.lists(files, max_size=2).map(tuple),
)
