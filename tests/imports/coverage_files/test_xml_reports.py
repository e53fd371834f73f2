"""Cobertura's and JaCoCo's XML, as tools wrote it and as an attacker would."""

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.imports.coverage_files.samples import only, read, sample
from xreview.imports.coverage_files.measured import CoverageFileError, MeasuredFile
from xreview.imports.coverage_files.reading import read_coverage

DTD = '<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">'
JACOCO = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{DTD}'
    '<report name="bank"><group name="all"><package name="com/acme"><class name="com/acme/Bank" '
    'sourcefilename="Bank.java"><method name="rest" desc="(II)I" line="5"/></class>'
    '<sourcefile name="Bank.java"><line nr="5" mi="0" ci="3" mb="1" cb="1"/>'
    '<line nr="6" mi="5" ci="0" mb="0" cb="0"/></sourcefile></package></group></report>'
)


def test_what_coverage_py_wrote_is_what_its_json_says() -> None:
    report = read(sample("coverage_py.xml"), "bank.py")

    assert only(report) == MeasuredFile(frozenset({4, 6, 11, 15, 22}), frozenset({7, 25, 26}))
    assert report.roots == ("/tmp/facts-cov/py",)
    assert not report.marks_regions


def test_what_gcovr_wrote_is_what_its_tracefile_says() -> None:
    report = read(sample("gcovr_cobertura.xml"), "sum.c")

    assert report.files["sum.c"] == only(read(sample("gcovr.lcov"), "sum.c"))
    assert report.marks_regions


def test_jacoco_names_files_below_packages() -> None:
    report = read(JACOCO, "Bank.java")

    assert report.files == {"com/acme/Bank.java": MeasuredFile(frozenset({5}), frozenset({6}))}
    assert not report.marks_regions


LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))


@pytest.mark.parametrize(
    "document",
    [
        f'<!DOCTYPE coverage [<!ENTITY a0 "ha">{LAUGHS}]><coverage>&a12;</coverage>',
        '<!DOCTYPE coverage [<!ENTITY x SYSTEM "file:///etc/passwd">]><coverage>&x;</coverage>',
        '<!DOCTYPE coverage [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><coverage/>',
        '<!DOCTYPE coverage SYSTEM "file:///etc/passwd"><coverage>&undefined;</coverage>x',
        "<coverage>" + "<a>" * 100_000,
        "<checkstyle/>",
        "<coverage>",
        '<?xml version="1.0" encoding="nonsense"?><coverage/>',
        '<?xml version="1.0" encoding="gb18030"?><coverage/>',
    ],
)
def test_hostile_or_other_xml_is_refused_at_once(document: str) -> None:
    began = time.monotonic()
    with pytest.raises(CoverageFileError):
        read(document, "bank.py")
    assert time.monotonic() - began < 1


def test_a_document_type_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    outside = tmp_path / "outside.dtd"
    outside.write_text('<!ENTITY name "bank.py">')
    document = (
        f'<!DOCTYPE coverage SYSTEM "{outside}"><coverage><class filename="&name;"/></coverage>'
    )
    assert read(document, "bank.py").names in ((), ("",))


def test_numbers_that_are_none_are_skipped() -> None:
    lines = "".join(f'<line number="{n}" hits="{h}"/>' for n, h in [("x", 1), (2, ""), (3, 1)])
    document = f'<coverage><class filename="a.py">{lines}</class></coverage>'
    assert only(read(document, "a.py")) == MeasuredFile(frozenset({3}))


def test_reading_ends_when_the_time_is_up() -> None:
    with pytest.raises(CoverageFileError, match="too long"):
        read_coverage(JACOCO.encode(), ["Bank.java"], lambda: True)


@given(st.text(alphabet="<>/=\"' clasoverge&;!-[]") | st.text())
def test_any_text_gives_lines_or_the_documented_error(text: str) -> None:
    with suppress(CoverageFileError):
        read(f"<coverage>{text}", "a")
