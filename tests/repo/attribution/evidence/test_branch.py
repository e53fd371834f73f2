"""What branches are named."""

import pytest

from tests.repo.attribution.building import told
from xreview.domain.authorship.author import EvidenceKind
from xreview.domain.report import Confidence
from xreview.repo.attribution.evidence.branch import branch_evidence


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("claude/fix-it-3f", [("claude-code", "anthropic", "")]),
        ("codex/fix-it", [("codex", "openai", "")]),
        ("copilot/fix-it", [("copilot-agent", "", "")]),
        ("cursor/fix-it", [("cursor", "", "")]),
        ("devin/1712345678-fix", [("devin", "", "")]),
        ("fix-it-1234567890123456", [("jules", "google", "")]),
        ("fix-it-12345678901234567890", [("jules", "google", "")]),
        ("fix-it-123456789012345", []),
        ("fix-it-123456789012345678901", []),
        ("swe-agent-fix-#12-3456", [("swe-agent", "", "")]),
        ("codegen-bot/fix-1", [("codegen-sh", "", "")]),
        ("codegen/models", []),
        ("feature/claude", []),
        ("claude", []),
        ("main", []),
        ("", []),
    ],
)
def test_a_branch(name, expected):
    evidence = branch_evidence([name])
    assert told(evidence) == expected
    for one in evidence:
        assert one.kind is EvidenceKind.BRANCH
        assert one.confidence < Confidence.HIGH
        assert one.pointer == f"branch {name}"
