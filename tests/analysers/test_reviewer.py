"""The embedded reviewers, with their real worker process."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import aclosing
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.analysers.changes import Contents, request
from xreview.analysers import process, reading
from xreview.analysers.ahead import worker_ahead
from xreview.analysers.process import WorkerProcess
from xreview.analysers.reviewer import EmbeddedReviewer, _passes
from xreview.analysers.symbols_reader import SymbolsReader
from xreview.analysers.tools import installed
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ChangeError, ReviewerError
from xreview.domain.report import Lens
from xreview.ports.reviewer import Notice, Progress, RawReport, ReviewRequest, Signal

RISKY = "import requests\nrequests.get(url)\n"
WASTEFUL = "def f():\n    if False:\n        g()\n"
WORKFLOW = """on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo ${{ github.head_ref }}
"""
SCRIPT = '#!/bin/bash\nrm -rf "$1/"\n'
BLOCK = """rows = load(path, encoding='utf-8')
for row in rows:
    total = total + row.amount * rate
    if row.is_late and not row.is_paid:
        notify(row.customer, row.amount)
        late = late + row.amount
    for item in row.items:
        count = count + item.count
        store(item, total)
    write(row, total)
"""


def sabotaged(code: str) -> list[str]:
    """A worker in which reading a file with the word MINE in it does something else first."""
    argv = process.command("xreview.analysers.worker")
    patch = f"""
import sys, os, time; sys.path[:0] = sys.argv[1:2]
from xreview.analysers import analysis, worker
real = analysis.analyse
def analyse(source, *rest):
    if "MINE" in source.text:
        {code}
    return real(source, *rest)
analysis.analyse = analyse
worker.main()
"""
    return [argv[0], "-I", "-c", patch, *argv[4:]]


async def review(
    given: ReviewRequest, lens: Lens = Lens.RISK, argv: list[str] | None = None, limit: float = 30
) -> list[Signal]:
    reviewer = EmbeddedReviewer(lens, argv, limit)
    async with aclosing(reviewer.review(given)) as signals:
        return [signal async for signal in signals]


def reports(signals: Iterable[Signal]) -> list[RawReport]:
    return [signal for signal in signals if isinstance(signal, RawReport)]


def coverage(signals: Iterable[Signal]) -> dict[str, CoverageEntry]:
    entries = [signal for signal in signals if isinstance(signal, CoverageEntry)]
    assert len({entry.path for entry in entries}) == len(entries)
    return {entry.path: entry for entry in entries}


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody waits for does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except ProcessLookupError:
        return False
    except OSError:
        return True  # no /proc on this system
    return state != "Z"


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110  # what it waits for happens in another process
        await asyncio.sleep(0.01)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The process ids of the workers that a test starts."""
    pids: list[int] = []
    real = WorkerProcess.start

    async def start(argv: list[str]) -> WorkerProcess:
        worker = await real(argv)
        pids.append(worker.pid)
        return worker

    monkeypatch.setattr(WorkerProcess, "start", start)
    return pids


async def test_reports_come_with_everything_a_person_needs() -> None:
    signals = await review(request({"app.py": "import os\n" + RISKY}, {"app.py": "import os\n"}))

    report = next(one for one in reports(signals) if one.rule.endswith("without-timeout"))
    assert (report.path, report.side, report.start_line, report.end_line) == (
        "app.py",
        Side.NEW,
        3,
        3,
    )
    assert report.quote == "requests.get(url)"
    assert report.reviewer.label.startswith("risk (analyser: ruff 0.")
    assert report.claim_key == "python/request-without-timeout"
    assert report.title
    assert report.claim
    assert report.scenario
    assert report.suggestion is not None
    assert report.request is not None


async def test_each_lens_gets_its_own_and_both_share_one_worker(started: list[int]) -> None:
    given = request({"a.py": RISKY, "b.py": WASTEFUL, "c.txt": "x\n"})

    risk, economy = await asyncio.gather(review(given), review(given, Lens.ECONOMY))

    assert {one.path for one in reports(risk)} == {"a.py", "b.py"}  # names are undefined in both
    assert [one.rule for one in reports(economy)] == ["python/dead-branch"]
    assert len(started) == 1
    contents = given.contents
    assert isinstance(contents, Contents)
    assert contents.asked.count(("a.py", Side.NEW)) == 1
    for name, signals in (("risk", risk), ("economy", economy)):
        entries = coverage(signals)
        assert set(entries) == {"a.py", "b.py", "c.txt"}
        assert {entry.reviewer for entry in entries.values()} == {name}
        assert entries["a.py"].reading is Reading.READ
        assert entries["a.py"].lines == 3
        assert not entries["c.txt"].is_gap
    assert _passes == {}


async def test_linters_read_workflows_and_scripts_in_the_worker() -> None:
    files = {".github/workflows/ci.yml": WORKFLOW, "build.sh": SCRIPT, "release": SCRIPT}
    executable = replace(
        request({"release": SCRIPT}).change.files[0], status=FileStatus.MODIFIED, new_mode="100755"
    )
    named = {path: text for path, text in files.items() if path != "release"}
    given = request(named, None, executable)
    assert isinstance(given.contents, Contents)
    given.contents.new = {path: text.encode() for path, text in files.items()}

    signals = await review(given)

    by_path = {one.path: one for one in reports(signals)}
    assert {path: one.rule for path, one in by_path.items()} == {
        ".github/workflows/ci.yml": "github-actions/template-injection",
        "build.sh": "shell/remove-from-root",
        "release": "shell/remove-from-root",
    }
    label = by_path[".github/workflows/ci.yml"].reviewer.label
    assert label == f"risk (analyser: zizmor {version('zizmor')})"
    assert {entry.reading for entry in coverage(signals).values()} == {Reading.READ}


async def test_without_its_linter_a_file_is_skipped_and_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(installed, "_installed", lambda *_: None)

    signals = await review(request({".github/workflows/ci.yml": WORKFLOW, "build.sh": SCRIPT}))

    assert reports(signals) == []
    for entry in coverage(signals).values():
        assert entry.reading is Reading.SKIPPED
        assert "pip install" in entry.why


async def test_reports_stream_file_by_file() -> None:
    given = request({f"f{number}.py": RISKY for number in range(5)})

    kinds = [
        (type(signal).__name__, getattr(signal, "path", ""))
        for signal in await review(given)
        if isinstance(signal, RawReport | CoverageEntry)
    ]

    first_done = kinds.index(("CoverageEntry", "f0.py"))
    assert all(path == "f0.py" for _, path in kinds[:first_done])
    assert kinds[first_done + 1][1] == "f1.py"


async def test_many_files_are_shared_by_two_workers_and_reported_in_order(
    started: list[int],
) -> None:
    names = [f"f{number:02}.py" for number in range(reading.MANY_FILES)]

    signals = await review(request(dict.fromkeys(names, RISKY)))

    assert len(started) == min(2, os.cpu_count() or 1)
    assert list(coverage(signals)) == names
    assert list(dict.fromkeys(one.path for one in reports(signals))) == names


async def test_a_batch_with_a_file_that_crashes_is_read_file_by_file() -> None:
    names = [f"f{number}.py" for number in range(20)]
    given = request({name: "# MINE\n" if name == "f9.py" else RISKY for name in names})

    entries = coverage(await review(given, argv=sabotaged("os.abort()")))

    assert list(entries) == names
    assert [name for name in names if entries[name].reading is not Reading.READ] == ["f9.py"]


async def test_progress_does_not_flood() -> None:
    extra = [FileDiff(f"{number}.txt", FileStatus.DELETED) for number in range(1000)]

    told = [one for one in await review(request({}, {}, *extra)) if isinstance(one, Progress)]

    assert len(told) == 100
    assert (told[-1].done, told[-1].total) == (1000, 1000)


async def test_the_same_lines_twice_are_reported_with_both_places() -> None:
    given = request({"a.py": BLOCK, "b.py": "first(1)\n" + BLOCK, "tests/c.py": BLOCK})

    signals = await review(given, Lens.ECONOMY)

    (report,) = (one for one in reports(signals) if one.rule == "any/duplicated-block")
    assert report.reviewer.family == "xreview"
    assert (report.path, report.start_line, report.end_line) == ("b.py", 2, 7)
    assert report.quote == "\n".join(BLOCK.split("\n")[:6])
    assert "a.py:1" in report.claim


async def test_what_one_file_loses_and_others_get_has_moved() -> None:
    new = {"a.py": BLOCK, "b.py": "first(1)\n" + BLOCK, "old.txt.py": "x = 1\n"}
    moved = request(new, {"old.txt.py": BLOCK})

    assert not [one for one in reports(await review(moved, Lens.ECONOMY)) if "block" in one.rule]


async def test_code_that_is_not_part_of_the_product_has_no_duplicates() -> None:
    given = request({"a.py": BLOCK, "b.py": "# @generated\n" + BLOCK})

    assert not [one for one in reports(await review(given, Lens.ECONOMY)) if "block" in one.rule]


async def test_each_lens_says_once_how_much_the_code_silences() -> None:
    quiet = "import requests\nrequests.get(1)  # noqa: S113\n"
    given = request({"a.py": quiet, "b.py": quiet})

    risk, economy = await asyncio.gather(review(given), review(given, Lens.ECONOMY))

    assert [one for one in risk if isinstance(one, Notice)] == [
        Notice("2 matches are silenced by comments in the code: 2 × noqa.")
    ]
    assert not [one for one in economy if isinstance(one, Notice)]


async def test_a_crash_costs_one_file(started: list[int]) -> None:
    given = request({"a.py": RISKY, "b.py": "# MINE\n", "c.py": RISKY})

    signals = await review(given, argv=sabotaged("os.abort()"))

    entries = coverage(signals)
    assert [entries[path].reading for path in ("a.py", "b.py", "c.py")] == [
        Reading.READ,
        Reading.FAILED,
        Reading.READ,
    ]
    assert entries["b.py"].why == "the analysis crashed or exceeded its memory limit"
    assert entries["b.py"].is_gap
    assert {one.path for one in reports(signals)} == {"a.py", "c.py"}
    assert len(started) == 3  # b.py was lost with c.py, then alone
    assert not any(map(is_alive, started))


async def test_a_hang_costs_one_file_and_its_time(started: list[int]) -> None:
    given = request({"b.py": "# MINE\n", "c.py": RISKY})

    signals = await review(given, argv=sabotaged("time.sleep(60)"), limit=3)

    entries = coverage(signals)
    assert entries["b.py"].why == "the analysis took over 3 seconds"
    assert entries["c.py"].reading is Reading.READ
    assert not any(map(is_alive, started))


async def test_what_a_library_prints_is_no_answer() -> None:
    given = request({"a.py": "# MINE\n" + RISKY})

    signals = await review(given, argv=sabotaged("print('{}', flush=True)"))

    assert coverage(signals)["a.py"].reading is Reading.READ


async def test_when_it_keeps_crashing_the_review_is_given_up() -> None:
    given = request({f"{number}.py": "# MINE\n" for number in range(30)})

    with pytest.raises(ReviewerError, match="crashes or timeouts"):
        await review(given, argv=sabotaged("os._exit(3)"))


async def test_a_worker_that_can_not_start_is_an_error_with_advice() -> None:
    given = request({"a.py": RISKY})

    for argv in ([sys.executable, "-c", "raise SystemExit(1)"], ["/nonexistent/python"]):
        with pytest.raises(ReviewerError, match="can't be started") as failed:
            await review(given, argv=argv)
        assert "doctor" in failed.value.advice


async def test_closing_ends_the_worker_and_what_it_started(
    started: list[int], tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    code = (
        "child = __import__('subprocess').Popen(['sleep', '60']);"
        f"open({str(note)!r}, 'w').write(f'{{child.pid}}.'); time.sleep(60)"
    )
    given = request({"a.py": RISKY, "b.py": "# MINE\n"})
    signals = EmbeddedReviewer(Lens.RISK, sabotaged(code), 60).review(given)
    async for signal in signals:
        if isinstance(signal, CoverageEntry):
            break
    await until(lambda: note.exists() and note.read_text().endswith("."))

    await signals.aclose()

    assert len(started) == 1
    assert not is_alive(started[0])
    child = int(note.read_text().rstrip("."))
    await until(lambda: not is_alive(child))
    assert _passes == {}


async def test_cancelling_the_task_ends_the_worker(started: list[int]) -> None:
    task = asyncio.create_task(
        review(request({"b.py": "# MINE\n"}), argv=sabotaged("time.sleep(60)"), limit=60)
    )
    await until(lambda: bool(started))

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not any(map(is_alive, started))


async def test_one_lens_may_leave_while_the_other_goes_on(started: list[int]) -> None:
    given = request({f"f{number}.py": RISKY + WASTEFUL for number in range(6)})
    leaving = EmbeddedReviewer(Lens.ECONOMY).review(given)

    async def leave() -> None:
        async for signal in leaving:
            if isinstance(signal, CoverageEntry):
                await leaving.aclose()
                return

    signals, _ = await asyncio.gather(review(given), leave())

    assert len(coverage(signals)) == 6
    assert all(entry.reading is Reading.READ for entry in coverage(signals).values())
    assert not any(map(is_alive, started))


async def test_the_worker_sees_nothing_of_the_user_and_the_repository(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the repository was imported')\n")
    (tmp_path / "ruff.toml").write_text('[lint]\nselect = []\nignore = ["ALL"]\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("RUFF_CONFIG", str(tmp_path / "ruff.toml"))
    monkeypatch.setenv("PATH", str(tmp_path))

    signals = await review(request({"a.py": RISKY}))

    assert "python/request-without-timeout" in {one.rule for one in reports(signals)}


async def test_linters_that_ruled_before_the_change_are_not_repeated() -> None:
    settings = '[tool.ruff.lint]\nselect = ["S", "F"]\n'
    before = {"pyproject.toml": settings}

    silenced = await review(request({"a.py": RISKY, "pyproject.toml": ""}, before))
    loud = await review(request({"a.py": RISKY, "pyproject.toml": settings}))

    assert reports(silenced) == []
    assert reports(loud) != []  # a change may not silence its own review


async def test_content_that_is_not_there_is_a_gap_but_a_new_file_is_in_the_patch() -> None:
    given = request({"new.py": RISKY, "old.py": RISKY + "x = 1\n"}, {"old.py": "x = 1\n"})
    patch_only = ReviewRequest(given.change, Contents({}))

    signals = await review(patch_only)

    entries = coverage(signals)
    assert entries["new.py"].reading is Reading.READ
    assert entries["old.py"].reading is Reading.SKIPPED
    assert entries["old.py"].is_gap
    assert "new.py" in {one.path for one in reports(signals)}


async def test_a_file_that_git_can_not_read_or_that_changed_since_has_failed() -> None:
    given = request({"a.py": RISKY, "b.py": RISKY})

    class Trouble(Contents):
        async def read(self, file: FileDiff, side: Side) -> bytes | None:
            if file.path == "a.py":
                raise ChangeError("git said no")
            return b"other\ntext\n" if file.path == "b.py" else None

    entries = coverage(await review(ReviewRequest(given.change, Trouble({}))))

    assert (entries["a.py"].reading, entries["a.py"].why) == (Reading.FAILED, "git said no")
    assert entries["b.py"].why == "the file changed after the review began"


async def test_hostile_names_and_texts_come_through_as_they_are() -> None:
    path = "a\x1b]52;c;\udcff\n.py"
    text = "requests = 1\n# \x1b[31m \u202e \udcfe\nimport requests\nrequests.get('\x1b[0m')\n"

    signals = await review(request({path: text}))

    assert coverage(signals)[path].reading is Reading.READ
    report = next(one for one in reports(signals) if one.rule.endswith("without-timeout"))
    assert report.path == path
    assert report.quote == "requests.get('\x1b[0m')"


async def test_a_file_that_is_too_large_is_read_in_part_and_says_so() -> None:
    text = RISKY + "\n" + "\n".join(f"value_{number} = {number}" for number in range(45_000)) + "\n"

    entry = coverage(await review(request({"a.py": text})))["a.py"]

    assert entry.reading is Reading.TRUNCATED
    assert entry.is_gap
    assert "too large" in entry.why


async def test_the_app_has_one_worker_also_for_many_files(started: list[int]) -> None:
    given = request({f"f{number:02}.py": RISKY for number in range(reading.MANY_FILES)})

    async with worker_ahead(), SymbolsReader() as reader:
        signals, symbols = await asyncio.gather(review(given), reader.read("a.py", b"def f(): 0\n"))

    assert len(started) == 1
    assert len({one.path for one in reports(signals)}) == reading.MANY_FILES
    assert [one.name for one in symbols.signatures] == ["f"]
