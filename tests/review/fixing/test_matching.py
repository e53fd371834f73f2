"""Which parts of a patch belong to which finding."""

from tests.fakes.reports import finding, report
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.fixing.fixer import FixerResult, FixerStatus
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.matching import all_parts, matched_parts

TWO_HUNKS = b"@@ -1,2 +1,2 @@\n-a\n+b\n c\n@@ -40,2 +40,2 @@\n-x\n+y\n z\n"


def patched(path: str = "a.py", body: bytes = TWO_HUNKS) -> FileDiff:
    return FileDiff(path=path, status=FileStatus.MODIFIED, body=body)


def test_a_hunk_belongs_to_the_nearest_finding_in_its_file():
    first, second = finding(report("One", line=2)), finding(report("Two", line=35))
    found = matched_parts([first, second], {}, [patched()])
    assert found[first.fingerprint] == (PatchPart("a.py", 0),)
    assert found[second.fingerprint] == (PatchPart("a.py", 1),)


def test_findings_at_the_same_place_share_a_hunk():
    one, other = finding(report("One", line=2)), finding(report("Two", line=2))
    found = matched_parts([one, other], {}, [patched(body=TWO_HUNKS[:29])])
    assert found[one.fingerprint] == found[other.fingerprint] == (PatchPart("a.py", 0),)


def test_another_file_belongs_to_the_finding_for_which_the_fixer_names_it():
    one, other = finding(report("One")), finding(report("Two", path="b.py"))
    said = {one.fingerprint: FixerResult(one.fingerprint, FixerStatus.FIXED, ("lib.py",))}
    found = matched_parts([one, other], said, [patched("lib.py"), patched("unasked.py")])
    assert found[one.fingerprint] == (PatchPart("lib.py", 0), PatchPart("lib.py", 1))
    assert found[other.fingerprint] == ()


def test_a_file_without_hunks_is_one_part():
    binary = patched("logo.png", b"")
    assert all_parts([binary, patched()]) == (
        PatchPart("logo.png", None),
        PatchPart("a.py", 0),
        PatchPart("a.py", 1),
    )
    about = finding(report("Logo", path="logo.png"))
    assert matched_parts([about], {}, [binary])[about.fingerprint] == (PatchPart("logo.png", None),)
