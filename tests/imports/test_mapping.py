import pytest

from xreview.domain.report import Category, Confidence, Severity
from xreview.imports.mapping import category_of, confidence_of, severity_of


@pytest.mark.parametrize(
    ("tool", "level", "score", "own", "severity"),
    [
        ("bandit", "error", None, "", Severity.HIGH),
        ("bandit", "warning", None, "", Severity.MEDIUM),
        ("bandit", "note", None, "", Severity.LOW),
        ("bandit", "none", None, "", Severity.LOW),
        ("ruff", "error", None, "", Severity.MEDIUM),
        ("codeql", "warning", 9.8, "", Severity.CRITICAL),
        ("codeql", "warning", 7.0, "", Severity.HIGH),
        ("codeql", "error", 4.0, "", Severity.MEDIUM),
        ("codeql", "error", 0.1, "", Severity.LOW),
        ("xreview-tui", "error", 9.8, "critical", Severity.CRITICAL),
        ("tool", "error", None, "nonsense", Severity.HIGH),
    ],
)
def test_severities(tool, level, score, own, severity):
    assert severity_of(tool, level, score, own) is severity


@pytest.mark.parametrize(
    ("tool", "rule", "name", "tags", "own", "category"),
    [
        ("codeql", "x", "", ("external/cwe/cwe-078",), "", Category.SECURITY),
        ("codeql", "x", "", ("correctness", "external/cwe/cwe-362"), "", Category.CONCURRENCY),
        ("codeql", "x", "", ("external/cwe/cwe-0755",), "", Category.ERROR_HANDLING),
        ("codeql", "x", "", ("maintainability",), "", Category.SIMPLIFICATION),
        ("ruff", "S602", "", (), "", Category.SECURITY),
        ("ruff", "BLE001", "", (), "", Category.ERROR_HANDLING),
        ("ruff", "PERF401", "", (), "", Category.PERFORMANCE),
        ("ruff", "DTZ005", "", (), "", Category.TIMING),
        ("ruff", "ASYNC100", "", (), "", Category.CONCURRENCY),
        ("ruff", "D103", "", (), "", Category.DOCUMENTATION),
        ("bandit", "B101", "assert_used", (), "", Category.SECURITY),
        ("tool", "R1", "Unused variable", (), "", Category.SIMPLIFICATION),
        ("tool", "R1", "Something", (), "", Category.EDGE_CASE),
        ("tool", "R1", "", ("security",), "timing", Category.TIMING),
        ("tool", "R1", "", (), "nonsense", Category.EDGE_CASE),
    ],
)
def test_categories(tool, rule, name, tags, own, category):
    assert category_of(tool, rule, name, tags, own) is category


def test_confidences():
    assert confidence_of("", "HIGH", "low") is Confidence.HIGH
    assert confidence_of("very-high") is Confidence.HIGH
    assert confidence_of("", "what") is Confidence.MEDIUM
