"""Facts of sessions for the tests of their accounts, hostile text included."""

from dataclasses import replace

from hypothesis import strategies as st

from tests.domain import strategies as words
from xreview.domain.account import account_of
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.events.event import AftermathSeen, AttentionWeighed, ProblemMissed
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.session_account.facts import AccountedFinding, PartySpending, SessionFacts

FAMILIES = st.sampled_from(["", "anthropic", "openai"])
levels = st.sampled_from(AttentionLevel)
reviewers = st.builds(
    replace, words.reviewers, family=st.sampled_from(["anthropic", "openai", "ruff"])
)
reports = st.builds(replace, words.reports, reviewer=reviewers)
findings = st.builds(
    replace, words.findings, reports=st.lists(reports, min_size=1, max_size=3).map(tuple)
)


def with_answers(one: AccountedFinding) -> AccountedFinding:
    """The finding as it can be: nothing comes back for one that wasn't escalated."""
    return one if one.escalations else replace(one, answers=0)


accounted = st.builds(
    AccountedFinding,
    findings,
    st.none() | words.decided,
    st.booleans(),
    FAMILIES,
    st.none() | levels,
    st.integers(0, 2),
    st.none() | st.integers(0, 2),
    st.none() | st.sampled_from(FixOutcome),
    st.booleans(),
).map(with_answers)
amounts = st.none() | st.integers(0, 10**6).map(float)
parties = st.lists(st.builds(PartySpending, words.names, amounts, amounts), max_size=3).map(tuple)
weighed = words.by_kind[AttentionWeighed]


def with_readings(facts: SessionFacts) -> SessionFacts:
    """The facts with the account of what was read that belongs to them."""
    return replace(facts, read=account_of(facts.files, facts.coverage))


facts = st.builds(
    SessionFacts,
    words.names,
    words.times | st.just(""),
    FAMILIES,
    st.dictionaries(words.names, FAMILIES, max_size=2),
    st.lists(reviewers, max_size=3, unique_by=lambda one: one.name).map(tuple),
    st.lists(accounted, max_size=4).map(tuple),
    st.lists(words.changed_files, max_size=3, unique_by=lambda one: one.path).map(tuple),
    st.lists(words.coverage_entries, max_size=4).map(tuple),
    failures=st.dictionaries(words.names, words.texts, max_size=2),
    is_over=st.booleans(),
    weighed=st.none() | weighed,
    viewed=st.frozensets(words.names, max_size=2),
    used=parties,
    fixing=st.none() | parties,
    missed=st.none() | st.lists(words.by_kind[ProblemMissed], max_size=2).map(tuple),
    aftermath=st.lists(words.by_kind[AftermathSeen], max_size=3).map(tuple),
).map(with_readings)

named_facts = st.builds(
    SessionFacts,
    words.names,
    reviewers=st.lists(reviewers, max_size=1).map(tuple),
    failures=st.dictionaries(words.names, words.texts, max_size=1),
    files=st.lists(words.changed_files, max_size=1).map(tuple),
    weighed=st.none() | weighed,
    used=st.lists(st.builds(PartySpending, words.names, amounts, amounts), max_size=1).map(tuple),
).map(with_readings)
"""Facts without findings: few, but with every kind of hostile text that an account can quote."""
