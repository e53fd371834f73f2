"""Files that real tools wrote, over the code that they were written about."""

import pytest

from tests.imports.reading import CART, DATA, NAIVE, found_in, review
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.report import Category, Confidence, Report, Severity

CHANGE = {"shop/cart.py": CART, "shop/naïve name.py": NAIVE, "setup.cfg": "[x]\n"}


def of_rule(reports: list[Report], rule: str) -> list[Report]:
    return [report for report in reports if report.rule == rule]


@pytest.mark.parametrize(
    ("file", "name", "version", "rules"),
    [
        ("bandit.sarif", "bandit", "", {"B301", "B608", "B602", "B110"}),
        ("semgrep.sarif", "semgrep-oss", "1.182.0", {"mutable-default", "shell-true"}),
        ("ruff.sarif", "ruff", "0.17.6", {"F401", "S602", "B006", "I001", "UP031", "D103"}),
        ("ruff.rdjson", "ruff", "", {"F401", "S602", "B006", "E401", "BLE001"}),
        ("codeql-like.sarif", "codeql", "2.15.3", {"py/command-line-injection"}),
    ],
)
async def test_every_result_is_found_in_the_code(file, name, version, rules):
    (tool,) = await review([DATA / file], CHANGE)
    assert (tool.identity.name, tool.identity.model) == (name, version)
    assert {report.rule for report in tool.reports} == rules
    assert all(report.anchored for report in tool.reports)
    assert all(report.title and report.claim for report in tool.reports)
    assert len(tool.coverage) == len(CHANGE)
    assert tool.outside == 0
    by_path = {entry.path: entry for entry in tool.coverage}
    assert by_path["shop/cart.py"].reading is Reading.READ
    assert by_path["setup.cfg"] == CoverageEntry(
        name, "setup.cfg", Reading.SKIPPED, f"{name} doesn't list it as analysed", expected=True
    )


async def test_bandit():
    (shell, naive) = of_rule(await found_in("bandit.sarif", CHANGE), "B602")
    assert shell.title == "subprocess call with shell=True identified, security issue"
    assert shell.claim.endswith("b602_subprocess_popen_with_shell_equals_true.html")
    assert (shell.category, shell.severity) == (Category.SECURITY, Severity.HIGH)
    assert shell.confidence is Confidence.HIGH
    assert (shell.anchor.start_line, shell.anchor.end_line) == (17, 17)
    assert shell.anchor.quote == '    subprocess.call("ls " + items[0], shell=True)'
    assert naive.anchor.path == "shop/naïve name.py"


async def test_semgrep():
    reports = await found_in("semgrep.sarif", CHANGE)
    (function,) = of_rule(reports, "mutable-default")
    assert (function.anchor.start_line, function.anchor.end_line) == (14, 19)
    assert function.anchor.quote == "\n".join(CART.split("\n")[13:19])
    shell = of_rule(reports, "shell-true")[0]
    assert (shell.category, shell.severity) == (Category.SECURITY, Severity.HIGH)
    assert shell.title == 'A shell runs what the caller hands in ("ls " + items[0])'


@pytest.mark.parametrize("file", ["ruff.sarif", "ruff.rdjson"])
async def test_ruff(file):
    reports = await found_in(file, CHANGE)
    first, second = of_rule(reports, "F401")
    assert first.fingerprint != second.fingerprint
    assert first.category is Category.SIMPLIFICATION
    # ruff calls everything an error.
    assert first.severity is Severity.MEDIUM
    assert first.suggestion is not None
    assert first.suggestion.replacement == ""
    assert {report.anchor.path for report in of_rule(reports, "S602")} == {
        "shop/cart.py",
        "shop/naïve name.py",
    }


async def test_a_fix_of_several_parts_is_whole_or_none():
    (whole,) = of_rule(await found_in("ruff.sarif", CHANGE), "B006")
    assert whole.suggestion is not None
    assert whole.suggestion.replacement == (
        "def total(items, extra=None):\n    if extra is None:\n        extra = []"
    )
    (parts,) = of_rule(await found_in("ruff.rdjson", CHANGE), "B006")
    assert parts.suggestion is not None
    assert parts.suggestion.replacement == whole.suggestion.replacement


async def test_codeql():
    (tool,) = await review([DATA / "codeql-like.sarif"], {**CHANGE, "setup.py": "x = 1\n"})
    (injection,) = tool.reports
    assert injection.title == "This command line depends on a user-provided value"
    assert (injection.severity, injection.confidence) == (Severity.CRITICAL, Confidence.HIGH)
    assert injection.category is Category.SECURITY
    by_path = {entry.path: entry for entry in tool.coverage}
    assert by_path["shop/cart.py"].why == "left out: 1 result suppressed"
    assert by_path["setup.py"].reading is Reading.READ
    assert by_path["setup.cfg"].reading is Reading.SKIPPED


async def test_several_files_are_reviewers_with_names_of_their_own():
    files = [DATA / "ruff.sarif", DATA / "ruff.rdjson", DATA / "bandit.sarif"]
    tools = await review(files, CHANGE, taken=["bandit", "risk"])
    assert [tool.identity.name for tool in tools] == ["ruff", "ruff-2", "bandit-2"]
    assert [tool.identity.family for tool in tools] == ["ruff", "ruff", "bandit"]
    assert {entry.reviewer for entry in tools[1].coverage} == {"ruff-2"}


async def test_lines_that_did_not_change_are_counted_only():
    before = {"shop/cart.py": CART.replace("import pickle\n", "")}
    (tool,) = await review([DATA / "bandit.sarif"], {"shop/cart.py": CART}, before)
    assert tool.reports == []
    assert tool.coverage[0].why == "left out: 4 results on unchanged lines"
    assert tool.outside == 1


async def test_a_file_that_moved_on_is_looked_through_for_the_snippet():
    moved = "# one\n# two\n" + CART
    (tool,) = await review([DATA / "bandit.sarif"], {"shop/cart.py": moved})
    assert {report.rule: report.anchor.start_line for report in tool.reports} == {
        "B301": 13,
        "B608": 18,
        "B602": 19,
        "B110": 22,
    }


async def test_code_that_is_gone_is_not_anchored():
    gone = "".join(f"line_{number} = 0\n" for number in range(30))
    (tool,) = await review([DATA / "bandit.sarif"], {"shop/cart.py": gone})
    assert [report.anchored for report in tool.reports] == [False] * 4
