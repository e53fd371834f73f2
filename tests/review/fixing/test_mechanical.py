"""Suggestions applied to files on disk."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from tests.export.build import FIX_DIFFERENTLY
from tests.fakes.reports import finding, repeated, report
from xreview.domain.change import Side
from xreview.domain.finding import Finding
from xreview.domain.fixing.fixer import FixerReply, FixerResult, FixerStatus
from xreview.domain.report import Suggestion
from xreview.export.document import ExportEntry
from xreview.review.fixing.mechanical import MechanicalFixer
from xreview.review.fixing.order import FixOrder


@dataclass
class Tree:
    top: Path


async def fixed(top: Path, *entries: ExportEntry | Finding) -> FixerReply:
    known = tuple(one if isinstance(one, ExportEntry) else ExportEntry(one) for one in entries)
    said = [one async for one in MechanicalFixer().fix(FixOrder(known), Tree(top))]
    assert isinstance(said[-1], FixerReply)
    return said[-1]


async def result_of(top: Path, entry: ExportEntry | Finding) -> FixerResult:
    reply = await fixed(top, entry)
    assert not reply.trouble
    (result,) = reply.results
    return result


async def test_a_suggestion_is_applied_and_the_mode_kept(tmp_path):
    script = tmp_path / "a.py"
    script.write_bytes(b"try:\r\n    f()\r\nexcept E:\r\n    pass")
    script.chmod(0o755)
    one = finding(report(quote="    pass", line=4, suggestion="    raise"))
    result = await result_of(tmp_path, one)
    assert result.status is FixerStatus.FIXED
    assert result.files == ("a.py",)
    assert result.fingerprint == one.fingerprint
    assert script.read_bytes() == b"try:\r\n    f()\r\nexcept E:\r\n    raise"
    assert script.stat().st_mode & 0o777 == 0o755
    assert os.listdir(tmp_path) == ["a.py"]


async def test_every_place_of_a_repeated_finding_is_fixed(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\ny = 1\n")
    (tmp_path / "b.py").write_text("z = 1\n")
    one = repeated(
        report(rule="r/1", quote="x = 1", line=1, suggestion="x = 2"),
        report(rule="r/1", quote="y = 1", line=2, suggestion="y = 2"),
        report(rule="r/1", quote="z = 1", line=1, path="b.py", suggestion="z = 2"),
    )
    result = await result_of(tmp_path, one)
    assert result.files == ("a.py", "b.py")
    assert (tmp_path / "a.py").read_text() == "x = 2\ny = 2\n"
    assert (tmp_path / "b.py").read_text() == "z = 2\n"


async def test_a_file_that_would_no_longer_parse_is_undone(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\ny = 1\n")
    (tmp_path / "b.py").write_text("z = 1\n")
    bad = finding(report("Bad", quote="x = 1", line=1, suggestion="x = ("))
    good = finding(report("Good", quote="z = 1", path="b.py", suggestion="z = 2"))
    reply = await fixed(tmp_path, bad, good)
    assert [one.status for one in reply.results] == [FixerStatus.BLOCKED, FixerStatus.FIXED]
    assert "a.py no longer parses" in reply.results[0].reason
    assert (tmp_path / "a.py").read_text() == "x = 1\ny = 1\n"
    assert (tmp_path / "b.py").read_text() == "z = 2\n"


async def test_a_file_that_didnt_parse_before_is_no_reason(tmp_path):
    (tmp_path / "a.py").write_text("x = (\ny = 1\n")
    one = finding(report(quote="y = 1", line=2, suggestion="y = 2"))
    assert (await result_of(tmp_path, one)).status is FixerStatus.FIXED


async def reason(top: Path, entry: ExportEntry | Finding) -> str:
    result = await result_of(top, entry)
    assert result.status is FixerStatus.BLOCKED
    return result.reason


async def test_what_cant_be_applied_says_why(tmp_path):
    (tmp_path / "a.py").write_text("pass\n")
    plain = report(suggestion="raise")
    old = replace(plain, anchor=replace(plain.anchor, side=Side.OLD))
    assert "no replacement for a.py:1" in await reason(tmp_path, finding(report()))
    worded = replace(plain, suggestion=Suggestion("Think."))
    assert "no replacement" in await reason(tmp_path, finding(worded))
    assert "before the change" in await reason(tmp_path, finding(old))
    assert "aren't in a.py" in await reason(tmp_path, finding(replace(plain, anchored=False)))
    assert "all lines of a.py:1-3" in await reason(
        tmp_path, finding(replace(plain, anchor=replace(plain.anchor, end_line=3)))
    )
    assert "another fix" in await reason(tmp_path, ExportEntry(finding(plain), FIX_DIFFERENTLY))
    assert "can't be read" in await reason(
        tmp_path, finding(report(path="gone.py", suggestion="raise"))
    )
    assert (tmp_path / "a.py").read_text() == "pass\n"


async def test_overlapping_findings_name_each_other(tmp_path):
    (tmp_path / "a.py").write_text("pass\n")
    one = finding(report("First", suggestion="raise"))
    other = finding(report("Second", suggestion="return"))
    reply = await fixed(tmp_path, one, other)
    assert "“First”" in reply.results[1].reason
    assert (tmp_path / "a.py").read_text() == "raise\n"


async def test_links_are_never_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.py").write_text("pass\n")
    top = tmp_path / "tree"
    top.mkdir()
    (top / "a.py").symlink_to(outside / "a.py")
    (top / "folder").symlink_to(outside)
    for path in ("a.py", "folder/a.py", "../outside/a.py"):
        assert "can't be read" in await reason(top, finding(report(path=path, suggestion="raise")))
    assert (outside / "a.py").read_text() == "pass\n"


async def test_a_file_that_cant_be_read_is_trouble(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("pass\n")
    monkeypatch.setattr("os.rename", _full)
    reply = await fixed(tmp_path, finding(report(suggestion="raise")))
    assert "a.py can't be written: No space left" in reply.trouble
    assert os.listdir(tmp_path) == ["a.py"]
    assert (tmp_path / "a.py").read_text() == "pass\n"


def _full(*args: object, **options: object) -> None:
    raise OSError(28, os.strerror(28))
