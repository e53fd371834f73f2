"""Which of a change's lines tests ran, in real repositories with coverage files beside the code."""

import os
from pathlib import Path

import pytest

from tests.imports.coverage_files.samples import sample
from tests.repo.builder import Builder, isolate
from tests.review.attention.changes import dated, whole
from xreview.domain.attention.file_facts import TestedLines
from xreview.review.attention import file_facts, tested_lines
from xreview.review.attention.file_facts import FoundFacts, find_facts

BANK = sample("bank.py.txt").decode()
OLD_BANK = BANK.replace('"too much"', '"no"').replace("- amount", "+ amount")
OLD_BANK = OLD_BANK.replace("return rest", "return 0").replace("last = account", "last = 1")


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write(".gitignore", ".coverage\n*.xml\n*.info\n*.json\n*.out\n*.lcov\ncoverage/\n")
    made.write("bank.py", OLD_BANK)
    made.write("test_bank.py", "from bank import transfer\n")
    made.commit("first")
    dated(made.path("test_bank.py"))
    dated(made.write("bank.py", BANK))
    return made


def cover(builder: Builder, path: str, content: bytes | str, after: float = 60) -> None:
    dated(builder.write(path, content), after)


def facts(builder: Builder, **named: object) -> FoundFacts:
    change = whole(builder, **named)
    return find_facts(change, change.files)


def measured_in(builder: Builder, path: str = "bank.py", **named: object) -> TestedLines | None:
    found = facts(builder, **named)
    assert not found.notices
    return found.files[path].tested if path in found.files else None


# The change: line 8 (within the statement that begins on 7), 13 (that of 11), 15 and 25.
@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".coverage", "statements.coverage"),
        (".coverage", "branches.coverage"),
        ("coverage.json", "coverage_py.json"),
        ("coverage.xml", "coverage_py.xml"),
        ("coverage.lcov", "coverage_py.lcov"),
        ("coverage/lcov.info", "coverage_py.lcov"),
    ],
)
def test_changed_lines_are_counted_by_every_file_of_coverage_py(
    builder: Builder, path: str, content: str
) -> None:
    assert measured_in(builder) is None
    cover(builder, path, sample(content))

    assert measured_in(builder) == TestedLines(1, 2, path)


def lcov(path: str, *lines: tuple[int, int]) -> str:
    body = "".join(f"DA:{line},{hits}\n" for line, hits in lines)
    return f"TN:\nSF:{path}\n{body}end_of_record\n"


def test_in_every_kind_of_change_that_is_checked_out(builder: Builder) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (15, 1), (25, 0)))
    expected = TestedLines(1, 2, "lcov.info")
    assert measured_in(builder) == expected

    builder.add("bank.py")
    assert measured_in(builder, staged=True) == expected

    builder.commit("second")
    assert measured_in(builder, commit="HEAD") == expected
    assert measured_in(builder, range="HEAD^..HEAD") == expected
    assert measured_in(builder, base="HEAD^") == expected

    builder.commit("third")
    assert measured_in(builder, commit="HEAD^") is None


def test_not_of_a_file_that_is_different_on_disk(builder: Builder) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (15, 1), (25, 0)))
    builder.add("bank.py")
    dated(builder.write("bank.py", f"# new\n{BANK}"))
    assert measured_in(builder, staged=True) is None

    builder.commit("second", add=False)
    assert measured_in(builder, commit="HEAD") is None


def test_not_of_a_patch_nor_without_a_repository(builder: Builder, tmp_path: Path) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (15, 1), (25, 0)))
    patch = tmp_path / "change.patch"
    patch.write_text(builder.git("diff") + "\n")
    assert measured_in(builder, patch=str(patch)) is None


def test_it_is_stale_if_the_source_was_written_later(builder: Builder) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (15, 1), (25, 0)), after=-60)
    assert measured_in(builder) == TestedLines(1, 2, "lcov.info", is_stale=True)


def test_it_is_stale_if_a_test_that_names_the_code_was_written_later(builder: Builder) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (15, 1), (25, 0)))
    builder.write("test_other.py", "import other\n")
    builder.git("add", "test_other.py")
    builder.git("commit", "-qm", "other", "--", "test_other.py")
    assert measured_in(builder) == TestedLines(1, 2, "lcov.info")

    dated(builder.path("test_bank.py"), 120)
    assert measured_in(builder) == TestedLines(1, 2, "lcov.info", is_stale=True)


def test_it_is_stale_if_the_change_has_a_later_test(builder: Builder) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (15, 1), (25, 0)))
    dated(builder.write("test_other.py", "import other\n"), 120)
    assert measured_in(builder) == TestedLines(1, 2, "lcov.info", is_stale=True)


@pytest.mark.parametrize("line", [27, 28, 900])
def test_it_is_stale_if_it_has_lines_after_the_end(builder: Builder, line: int) -> None:
    assert BANK.count("\n") == 26
    cover(builder, "lcov.info", lcov("bank.py", (15, 1), (25, 0), (line, 1)))
    assert measured_in(builder) == TestedLines(1, 2, "lcov.info", is_stale=True)


def test_it_is_stale_if_a_blank_line_begins_a_region(builder: Builder) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (14, 1), (15, 1), (16, 1), (25, 0)))
    assert measured_in(builder) == TestedLines(1, 2, "lcov.info")

    cover(builder, "lcov.info", lcov("bank.py", (15, 1), (17, 1), (25, 0)))
    assert measured_in(builder) == TestedLines(1, 2, "lcov.info", is_stale=True)


def test_what_marks_statements_only_is_stale_with_any_blank_line(builder: Builder) -> None:
    lines = ", ".join(str(line) for line in (15, 16))
    text = f'{{"files": {{"bank.py": {{"executed_lines": [{lines}], "missing_lines": []}}}}}}'
    cover(builder, "coverage.json", text)
    assert measured_in(builder) == TestedLines(1, 1, "coverage.json", is_stale=True)


def test_a_claim_of_the_author_is_stale(builder: Builder) -> None:
    # Untracked and not ignored, so that it is in the change.
    cover(builder, "cover/lcov.info", "")
    cover(builder, "c.lcov", "")
    builder.write(".gitignore", "")
    builder.git("commit", "-qm", "no ignores", "--", ".gitignore")
    cover(builder, "lcov.info", lcov("bank.py", (15, 1), (25, 1)))
    assert measured_in(builder) == TestedLines(2, 2, "lcov.info", is_stale=True)

    builder.write(".gitignore", "*.info\n")
    builder.git("add", "--force", ".gitignore", "lcov.info")
    builder.git("commit", "-qm", "claim")
    dated(builder.path("lcov.info"), 60)
    assert measured_in(builder) == TestedLines(2, 2, "lcov.info", is_stale=True)


def test_a_file_in_a_submodule_is_a_claim_too(builder: Builder) -> None:
    cover(builder, "coverage/lcov.info", lcov("bank.py", (15, 1), (25, 1)))
    assert measured_in(builder) == TestedLines(2, 2, "coverage/lcov.info")

    dated(builder.write("coverage/.git", "gitdir: ../.git/modules/coverage\n"))
    assert measured_in(builder) == TestedLines(2, 2, "coverage/lcov.info", is_stale=True)


def test_claims_do_not_crowd_out_what_was_measured(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tested_lines, "MOST_PLACES", 1)
    cover(builder, "coverage.lcov", lcov("bank.py", (15, 1)), after=90)
    builder.git("add", "--force", "coverage.lcov")
    builder.git("commit", "-qm", "claim", "--", "coverage.lcov")
    cover(builder, "lcov.info", lcov("bank.py", (15, 0)), after=60)
    assert measured_in(builder) == TestedLines(0, 1, "lcov.info")


def test_without_time_no_coverage_is_read_and_that_is_said(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (15, 1)))
    monkeypatch.setattr(file_facts, "SECONDS", -1.0)
    found = facts(builder)
    assert found.notices == ("The coverage file lcov.info isn't read: there was no time.",)


def test_the_newest_that_is_not_stale_counts(builder: Builder) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (15, 1)), after=60)
    cover(builder, "coverage/lcov.info", lcov("bank.py", (15, 0)), after=90)
    assert measured_in(builder) == TestedLines(0, 1, "coverage/lcov.info")

    cover(builder, "coverage/lcov.info", lcov("bank.py", (15, 0), (99, 0)), after=90)
    assert measured_in(builder) == TestedLines(1, 1, "lcov.info")


def test_a_file_that_nobody_measured_is_unknown(builder: Builder) -> None:
    cover(builder, "lcov.info", lcov("other.py", (15, 1)))
    assert measured_in(builder) is None


def test_without_changed_code_nothing_is_said(builder: Builder) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (4, 1), (6, 1)))
    assert measured_in(builder) is None


def test_a_renamed_file_is_known_by_its_new_name_only(builder: Builder) -> None:
    builder.git("mv", "-f", "bank.py", "money.py")
    cover(builder, "lcov.info", lcov("bank.py", (15, 1)))
    assert measured_in(builder, "money.py") is None

    cover(builder, "lcov.info", lcov("money.py", (15, 1)))
    assert measured_in(builder, "money.py") == TestedLines(1, 1, "lcov.info")


def test_a_deleted_file_is_not_measured(builder: Builder) -> None:
    cover(builder, "lcov.info", lcov("bank.py", (15, 1)))
    builder.delete("bank.py")
    assert measured_in(builder) is None


def test_a_package_of_a_larger_repository_has_its_own(builder: Builder) -> None:
    dated(builder.write("web/src/a.js", "one();\ntwo();\n"))
    dated(builder.write("src/a.js", "one();\ntwo();\n"))
    cover(builder, "web/coverage/lcov.info", lcov("src/a.js", (1, 1), (2, 0)))
    assert measured_in(builder, "web/src/a.js") == TestedLines(1, 2, "web/coverage/lcov.info")
    assert measured_in(builder, "src/a.js") is None


def test_gradle_keeps_one_for_each_task(builder: Builder) -> None:
    java = "app/src/main/java/com/acme/Bank.java"
    dated(builder.write(java, "class Bank {\n int a = 1;\n}\n"))
    place = "app/build/reports/jacoco/test/jacocoTestReport.xml"
    cover(
        builder,
        place,
        '<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report>'
        '<package name="com/acme"><sourcefile name="Bank.java"><line nr="2" ci="1"/></sourcefile>'
        "</package></report>",
    )
    assert measured_in(builder, java) == TestedLines(1, 1, place)


def test_a_profile_of_go_has_the_names_of_modules(builder: Builder) -> None:
    dated(builder.write("go/pay/rest.go", sample("rest.go.txt")))
    dated(builder.write("go/cmd/main.go", "package main\n\nfunc main() {\n\tprintln()\n}\n"))
    cover(builder, "go/coverage.out", sample("go.out"))
    # Without the blank line, and without the brace that ends the block.
    assert measured_in(builder, "go/pay/rest.go") == TestedLines(3, 5, "go/coverage.out")
    assert measured_in(builder, "go/cmd/main.go") == TestedLines(0, 2, "go/coverage.out")


def test_links_and_pipes_are_not_followed(builder: Builder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "lcov.info").write_text(lcov("bank.py", (15, 1)))
    builder.link("lcov.info", str(outside / "lcov.info"))
    builder.link("coverage", str(outside))
    os.mkfifo(builder.path("coverage.xml"))

    assert measured_in(builder) is None


def test_a_file_that_cannot_be_read_is_said_and_the_rest_is_known(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cover(builder, "coverage.xml", '<!DOCTYPE coverage [<!ENTITY x "y">]><coverage/>')
    cover(builder, "lcov.info", lcov("bank.py", (15, 1)))

    found = facts(builder)

    assert found.files["bank.py"].tested == TestedLines(1, 1, "lcov.info")
    (notice,) = found.notices
    assert notice == (
        "The coverage file coverage.xml isn't read: it declares its own document type, which may "
        "do harm."
    )
    monkeypatch.setattr(tested_lines, "COVERAGE_BYTES", 10)
    assert len(facts(builder).notices) == 2
    assert find_facts(whole(builder), whole(builder).files).files["bank.py"].tested is None
