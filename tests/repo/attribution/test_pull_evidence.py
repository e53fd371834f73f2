from dataclasses import replace

import pytest

from tests.review.session.test_session_pull import PULL
from xreview.domain.authorship.author import EvidenceKind
from xreview.domain.authorship.weighing import weigh
from xreview.domain.pull.pull import ForgeAccount, PullSide
from xreview.repo.attribution.pull_evidence import pull_evidence

LINES = {"1a": {"app.py": 10}}


@pytest.mark.parametrize(
    ("login", "vendor"),
    [
        ("claude[bot]", "anthropic"),
        ("devin-ai-integration[bot]", ""),
        ("dependabot[bot]", None),
        ("ada", None),
    ],
)
def test_an_agent_s_account_names_its_tool(login, vendor):
    found = pull_evidence(replace(PULL, author=ForgeAccount(login)))
    assert [one.vendor for one in found] == ([] if vendor is None else [vendor])
    assert all(one.kind is EvidenceKind.PULL and login in one.pointer for one in found)


def test_the_description_s_footer_and_the_branch_are_evidence():
    body = "What it does.\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)"
    head = PullSide("codex/fix-retry", "c" * 40, "o/r")
    found = pull_evidence(replace(PULL, body=body, head=head))
    assert [(one.kind, one.vendor) for one in found] == [
        (EvidenceKind.PULL, "anthropic"),
        (EvidenceKind.BRANCH, "openai"),
    ]
    # The description is trusted more than the branch's name.
    assert weigh(found, LINES, ["app.py"]).author.vendor == "anthropic"


def test_a_commit_s_own_trailer_counts_more():
    footer = "🤖 Generated with [Claude Code](https://claude.com/claude-code)"
    (described,) = pull_evidence(replace(PULL, body=footer))
    commit = replace(described, kind=EvidenceKind.TRAILER, vendor="openai", tool="", commit="1a")
    assert weigh([described, commit], LINES, ["app.py"]).author.vendor == "openai"


def test_hostile_words_are_bounded_and_name_nobody():
    body = "Generated with " * 20_000 + "\x1b]0;x\x07"
    assert pull_evidence(replace(PULL, title="x" * 100_000, body=body)) == ()
