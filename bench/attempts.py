"""What attempts cost beyond their writers.

    PYTHONPATH=. python bench/attempts.py compare [--lines 5000] [--attempts 5] [--fail-if 1]
    python ../shared/tools/make_repos.py DIR w2 w3
    PYTHONPATH=. python bench/attempts.py overhead DIR [w2=2 w3] [--attempts 3] [--runs 5]

`compare` finds the pieces of several attempts that changed so many lines each, in four mixes, from
their diffs as git printed them. The baseline is what git itself takes to merge the first attempt
with each of the others (`git merge-file`), which tells no more than whether two of them conflict.
Both are timed in turns; the medians are printed. `--fail-if`: seconds for the slowest mix.

`overhead` is described in `attempt_overhead.py`; w2=2 fails above 2 seconds per attempt in w2, and
w3 is only measured. Both end with 1 above an aim.
"""

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from attempt_overhead import overhead
from tests.domain.attempt.trees import GitTrees

from xreview.domain.attempt.comparing import compare_attempts
from xreview.domain.attempt.piece import AttemptComparison, PieceKind
from xreview.domain.attempt.seat import LABELS
from xreview.domain.change import FileDiff

Texts = list[list[str]]
"""The lines of a file, per attempt."""
Mix = Callable[[Sequence[str], int, int], Texts]


def edited(
    base: Sequence[str], lines: int, choices: random.Random, names: Sequence[str]
) -> list[str]:
    """The base with runs of one to eight lines replaced, `lines` of them; where is drawn from
    `choices`, and what from the names."""
    rows, left, at = list(base), lines, 0
    gap = len(base) // max(1, lines // 4)
    while left > 0 and at < len(rows) - 10:
        at += choices.randint(gap // 2, gap + gap // 2)
        count = min(left, choices.randint(1, 8))
        name = choices.choice(names)
        rows[at : at + count] = [f"    {name} = {name}({left - one})" for one in range(count)]
        left -= count
        at += count
    return rows


def mostly_shared(base: Sequence[str], lines: int, attempts: int) -> Texts:
    """All make the same edits, and a twentieth of their own."""
    common = edited(base, lines * 19 // 20, random.Random(1), ("total",))
    return [
        edited(common, lines // 20, random.Random(100 + one), (f"own_{one}",))
        for one in range(attempts)
    ]


def mostly_different(base: Sequence[str], lines: int, attempts: int) -> Texts:
    """Each edits other lines in its own way."""
    return [
        edited(base, lines, random.Random(one), (f"name_{one}", "shared"))
        for one in range(attempts)
    ]


def one_huge_hunk(base: Sequence[str], lines: int, attempts: int) -> Texts:
    """Each writes one block anew, a little longer than the last one."""
    start = len(base) // 4
    return [
        [
            *base[:start],
            *(f"    block_{one if row % 3 else 0}({row})" for row in range(lines + one * 7)),
            *base[start + lines // 2 :],
        ]
        for one in range(attempts)
    ]


def many_tiny_hunks(base: Sequence[str], lines: int, attempts: int) -> Texts:
    """Each changes single lines, ten lines apart, half of them as the others do."""
    found: Texts = []
    for one in range(attempts):
        rows = list(base)
        for number in range(lines):
            rows[number * 10 + 3] = f"    tiny_{one if number % 2 else 0}({number})"
        found.append(rows)
    return found


MIXES: tuple[Mix, ...] = (mostly_shared, mostly_different, one_huge_hunk, many_tiny_hunks)


def base_lines(lines: int) -> list[str]:
    """A file in which so many lines can change, with lines that repeat as code's do."""
    choices = random.Random(0)
    usual = ("", "    return result", "    }", "    if value is None:")
    return [
        choices.choice(usual) if choices.random() < 0.3 else f"    value_{row} = read({row % 997})"
        for row in range(lines * 10 + 50)
    ]


def diffs(
    trees: GitTrees, base: bytes, contents: Sequence[bytes]
) -> dict[str, tuple[FileDiff, ...]]:
    labels = LABELS[: len(contents)]
    files = {label: {"code.py": text} for label, text in zip(labels, contents, strict=True)}
    return trees.patches({"code.py": base}, files)


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def merging(folder: Path, contents: Sequence[bytes]) -> Callable[[], None]:
    """What merges the first attempt with each of the others, one after the other."""
    paths = [folder / f"attempt-{number}" for number in range(len(contents))]
    for path, text in zip(paths, contents, strict=True):
        path.write_bytes(text)

    def merge() -> None:
        for other in paths[1:]:
            command = ["git", "merge-file", "-p", paths[0], folder / "base", other]
            subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            )

    return merge


def told(comparison: AttemptComparison) -> str:
    kinds = [piece.kind for piece in comparison.pieces]
    counts = ", ".join(f"{kinds.count(kind):,} {kind}" for kind in PieceKind if kind in kinds)
    return f"{len(kinds):,} pieces ({counts})"


def compare(arguments: argparse.Namespace) -> int:
    worst = 0.0
    rows = base_lines(arguments.lines)
    base = "".join(f"{row}\n" for row in rows).encode()
    print(f"{arguments.attempts} attempts, about {arguments.lines:,} changed lines each")
    with tempfile.TemporaryDirectory() as name:
        trees = GitTrees(Path(name))
        (trees.folder / "base").write_bytes(base)
        for mix in MIXES:
            texts = mix(rows, arguments.lines, arguments.attempts)
            contents = ["".join(f"{row}\n" for row in text).encode() for text in texts]
            patches = diffs(trees, base, contents)
            merge = merging(trees.folder, contents)
            ours: list[float] = []
            gits: list[float] = []
            for _ in range(arguments.rounds):
                ours.append(seconds(lambda patches=patches: compare_attempts(patches)))
                gits.append(seconds(merge))
            own, git = statistics.median(ours), statistics.median(gits)
            worst = max(worst, own)
            changed = sum(file.added + file.removed for file in patches["A"])
            name = mix.__name__.replace("_", " ")
            print(
                f"  {name:17} {own:6.3f} s   git merge-file {git:6.3f} s   ratio {own / git:4.1f}"
            )
            print(f"    A: {changed:,} rows   {told(compare_attempts(patches))}")
    verdict = "within" if worst <= arguments.fail_if else "ABOVE"
    print(f"slowest {worst:.3f} s, {verdict} {arguments.fail_if:g} s")
    return 0 if worst <= arguments.fail_if else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(required=True)
    comparing = commands.add_parser("compare", help="finding the pieces of several attempts")
    comparing.add_argument("--lines", type=int, default=5000)
    comparing.add_argument("--attempts", type=int, default=5)
    comparing.add_argument("--rounds", type=int, default=5)
    comparing.add_argument("--fail-if", type=float, default=1.0)
    comparing.set_defaults(run=compare)
    costing = commands.add_parser("overhead", help="what attempts cost beyond their writers")
    costing.add_argument("folder", type=Path)
    costing.add_argument(
        "repositories", nargs="*", default=["w2=2", "w3"], metavar="NAME[=SECONDS]"
    )
    costing.add_argument("--attempts", type=int, default=3)
    costing.add_argument("--runs", type=int, default=5)
    costing.set_defaults(run=overhead)
    arguments = parser.parse_args()
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
