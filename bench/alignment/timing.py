"""How long alignment takes, and what it holds in memory."""

import random
import time
import tracemalloc
from collections.abc import Callable, Sequence

from alignment.aligned import Sample, rows_of
from alignment.fixtures import Fixtures, made

from xreview.disagreement.align import align, linked
from xreview.disagreement.alignment import Alignment
from xreview.disagreement.wording import wording
from xreview.domain.report import Report

ALL_SECONDS, ONE_SECONDS = 2.0, 0.050
"""The aims for aligning 10,000 reports, and for adding one to 2,000."""


def timings(fixtures: Fixtures) -> bool:
    """Print the table; whether the aims are met on this machine, as busy as it is now."""
    is_met = True
    texts = [one.claim for reports in fixtures.reports.values() for one in reports]
    start = time.process_time()
    sum(range(10_000_000))
    print("\nTime (seconds of this process; memory is what was allocated at most)")
    print(f"  for comparison, adding ten million numbers: {time.process_time() - start:.2f} s")
    for files in (500, 100, 1):
        took, memory = measured(align, many(texts, 10_000, files))
        print(f"  10,000 reports in {files:3d} files  {took:6.2f} s  {memory / 2**20:5.0f} MB")
        is_met = is_met and took < ALL_SECONDS
    some = many(texts, 1_000, 1)
    ours, _ = measured(align, some)
    simple, _ = measured(by_jaccard, some)
    print(f"  1,000 in one file: {ours:.2f} s, each with each by Jaccard {simple:.2f} s")
    print(f"  ratio {simple / ours:.1f}; for 10,000 the simple way takes 100 times as long")
    for files in (100, 1):
        *before, last = many(texts, 2_001, files)
        alignment = Alignment()
        alignment.add(before)
        took, _ = measured(alignment.add, [last], twice=False)
        print(f"  one more to 2,000 in {files:3d} files {1000 * took:6.1f} ms")
        is_met = is_met and took < ONE_SECONDS
    return is_met


def by_jaccard(reports: Sequence[Report]) -> list[list[int]]:
    said = [wording(one) for one in reports]
    return linked(rows_of(Sample("", True, reports, said), None), 0.45)


def measured(
    work: Callable[[list[Report]], object], reports: list[Report], *, twice: bool = True
) -> tuple[float, int]:
    """Seconds it takes, and bytes it allocates at most by a second run (counting is slow)."""
    start = time.process_time()
    work(reports)
    took = time.process_time() - start
    if not twice:
        return took, 0
    tracemalloc.start()
    work(reports)
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return took, memory


def many(texts: Sequence[str], number: int, files: int) -> list[Report]:
    """Real sentences, each with two words of others, at chance places."""
    dice = random.Random(number + files)
    reports = []
    for at in range(number):
        words = dice.choice(texts).split()
        for _ in range(2):
            words[dice.randrange(len(words))] = dice.choice(dice.choice(texts).split())
        line = dice.randrange(1, 2_000)
        tool = dice.choice(("anthropic", "openai", "google", "xai"))
        path = f"src/{dice.randrange(files)}.py"
        reports.append(made(str(at), " ".join(words), tool, path, line, line + dice.randrange(4)))
    return reports
