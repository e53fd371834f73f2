"""A sample of the commits of clones, and what the analysers say about them."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from offline.reading import CommitRead, git, name_of, read_commit
from xreview.domain.errors import ChangeError
from xreview.domain.report import Severity
from xreview.repo.change.request import ChangeRequest


def sample(
    clones: Sequence[Path], commits: int, of: int, seed: int, together: int
) -> list[CommitRead]:
    """Read a sample of the last commits of each clone, and print what they got.

    Each is read with the commits before it, so that `together` of them are one change.
    """
    print(
        f"{'clone':16} {'commits':>7} {'none':>6} {'>2 m+':>6} {'medium+':>8} {'all':>6}  s/commit"
    )
    found: list[CommitRead] = []
    for clone in clones:
        reads = list(_reads(clone, commits, of, seed, together))
        found += reads
        _print_row(name_of(clone), reads)
    _print_row("all", found)
    rules = Counter(
        (report.rule, report.severity.name) for read in found for report in read.reports
    )
    for (rule, severity), count in rules.most_common(40):
        print(f"  {count:4} {severity.lower():9} {rule}")
    return found


def _reads(clone: Path, commits: int, of: int, seed: int, together: int) -> Iterator[CommitRead]:
    ids = git(clone, "rev-list", "--no-merges", f"--max-count={of}", "HEAD").split()
    # The oldest have too few before them.
    drawn = random.Random(seed).sample(ids[:-together], min(commits, len(ids) - together))
    for id in drawn:
        request = ChangeRequest(clone, commit=id)
        if together > 1:
            request = ChangeRequest(clone, range=f"{id}~{together}..{id}")
        try:
            yield read_commit(clone, name_of(clone), request, id)
        except ChangeError as error:
            print(f"{name_of(clone)} {id[:9]}: {error}")


def at_least_medium(read: CommitRead) -> int:
    """How many findings of a commit are shown at medium severity or above."""
    return sum(report.severity >= Severity.MEDIUM for report in read.reports)


def _print_row(name: str, reads: Sequence[CommitRead]) -> None:
    if not reads:
        return
    count = len(reads)
    none = sum(not read.reports for read in reads) / count
    many = sum(at_least_medium(read) > 2 for read in reads) / count
    medium = sum(map(at_least_medium, reads)) / count
    total = sum(len(read.reports) for read in reads) / count
    seconds = sorted(read.seconds for read in reads)
    print(
        f"{name:16} {count:7} {none:6.1%} {many:6.1%} {medium:8.2f} {total:6.2f}  "
        f"median {median(seconds):.2f}, p95 {seconds[int(count * 0.95)]:.2f}, "
        f"most {seconds[-1]:.2f}"
    )
