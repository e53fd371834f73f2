from dataclasses import replace

from tests.review.prompt.building import SETTINGS, functions, planned
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.review.prompt.receipt import PlanReceipt
from xreview.review.prompt.room import LEAST_ROOM


async def test_a_file_is_told_of_when_its_last_request_has_ended() -> None:
    found = await planned({"src/a.py": functions(2_000), "src/b.py": "x = 1\n"})
    receipt = PlanReceipt(found, "opus")
    of_a = [part for part in found.requests if part.pieces[0].path == "src/a.py"]
    (of_b,) = [part for part in found.requests if part not in of_a]

    for part in of_a[:-1]:
        assert receipt.answered(part) == []
    assert receipt.answered(of_b) == [CoverageEntry("opus", "src/b.py", Reading.READ, "", 1)]
    (entry,) = receipt.answered(of_a[-1])
    assert (entry.reading, entry.why) == (Reading.READ, f"in {len(of_a)} requests")
    assert entry.lines == 6_000


async def test_a_request_that_failed_fails_its_files() -> None:
    found = await planned({"src/pay.py": "x = 1\n", "tests/test_pay.py": "y = 1\n"})
    entries = PlanReceipt(found, "opus").failed(found.requests[0], "the model refused")

    assert [(one.path, one.reading, one.why, one.is_gap) for one in entries] == [
        ("src/pay.py", Reading.FAILED, "the model refused", True),
        ("tests/test_pay.py", Reading.FAILED, "the model refused", True),
    ]


async def test_a_part_that_failed_is_named_by_its_lines() -> None:
    found = await planned({"src/a.py": functions(2_000)})
    receipt = PlanReceipt(found, "opus")
    first, *rest = found.requests
    receipt.failed(first, "cut off")
    (entry,) = [entry for part in rest for entry in receipt.answered(part)]

    ((start, end),) = first.pieces[0].changed
    assert entry.reading is Reading.TRUNCATED
    assert entry.why == f"lines {start}-{end}: cut off"
    assert entry.is_gap


async def test_lines_that_were_never_sent_are_named() -> None:
    given_settings = replace(SETTINGS, request_tokens=LEAST_ROOM, most_pieces=1)
    found = await planned({"src/a.py": functions(1_000)}, settings=given_settings)
    (entry,) = PlanReceipt(found, "opus").answered(found.requests[0])

    ((start, end),) = found.unsent["src/a.py"]
    assert entry.reading is Reading.TRUNCATED
    assert entry.why.startswith(f"lines {start}-{end}: not sent")


async def test_findings_that_were_kept_out_are_said() -> None:
    found = await planned({"src/a.py": "x = 1\n"})
    (entry,) = PlanReceipt(found, "opus").answered(found.requests[0], "1 finding was kept out")

    assert (entry.reading, entry.why) == (Reading.TRUNCATED, "1 finding was kept out")
