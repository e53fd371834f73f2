"""How many unchanged problems keep their identity, and how many others are taken for them.

    python bench/fingerprints REPOSITORY... [--windows N] [--steps N] [--edits N]

For each repository: `--windows` times, the embedded engines review commit N whole, then each of the
next `--steps` commits (those that touch reviewable files, first parents only), carrying over from
one to the next. What should keep its identity is known from elsewhere: lines are followed through
the hunks of `git diff -w -M`. Then `--edits` files of the last commit are edited by hand, so to
say: moves, new blocks around, twins put before, which a history has too few of.

"own" is the fingerprint alone, "carried" with the carry-over. Baseline: 95 % kept, 1 % merged; the
exit code says whether both are met.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from engines import Engines
from git_trees import Git
from over_edits import over_edits
from over_history import TOUCHED, over_history
from score import Score

KEPT, MERGED = 0.95, 0.01


def show(title: str, own: Score, carried: Score, examples: int) -> None:
    print(f"\n{title}")
    print(f"  {'kind of edit':<30}{'pairs':>8}{'own':>9}{'carried':>9}")
    for kind in sorted(carried.kept.keys() | carried.lost.keys()):
        pairs = carried.kept[kind] + carried.lost[kind]
        print(f"  {kind:<30}{pairs:>8}{own.share(kind):>9.2%}{carried.share(kind):>9.2%}")
    for name, score in (("own", own), ("carried", carried)):
        print(
            f"  {name}: of {score.carried} identities found again {score.merged} are another "
            f"problem's, and {score.collided} of {score.identities} problems share one with "
            f"another: {score.merged_share:.2%} merged; {score.moved} found again in lines that "
            "git calls new"
        )
    for example in carried.examples[:examples]:
        print("   ", example)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repositories", nargs="+")
    parser.add_argument("--windows", type=int, default=6)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--examples", type=int, default=0)
    parser.add_argument(
        "--without-context", action="store_true", help="as with a journal that keeps none"
    )
    given = parser.parse_args()
    kept_all, edits_all = (Score(), Score()), (Score(), Score())
    with_context = not given.without_context
    asked = Engines()
    for repository in given.repositories:
        git = Git(repository)
        own, carried, commits, reports = over_history(
            git, asked, given.windows, given.steps, with_context=with_context
        )
        title = f"{repository}: {commits} commits reviewed, {reports} reports"
        show(title, own, carried, given.examples)
        own_edits, carried_edits = over_edits(git, asked, given.edits, with_context=with_context)
        show(
            f"{repository}: edits of files of the last commit",
            own_edits,
            carried_edits,
            given.examples,
        )
        for totals, scores in ((kept_all, (own, carried)), (edits_all, (own_edits, carried_edits))):
            for total, score in zip(totals, scores, strict=True):
                total += score
    show("ALL, over histories", *kept_all, 0)
    show("ALL, edits", *edits_all, 0)
    missed = [
        f"{kind}: {score.share(kind):.2%} kept"
        for score, kinds in (
            (kept_all[1], [TOUCHED]),
            (edits_all[1], list(edits_all[1].kept.keys() | edits_all[1].lost.keys())),
        )
        for kind in kinds
        if score.share(kind) < KEPT
    ] + [
        f"{score.merged_share:.2%} merged"
        for score in (kept_all[1], edits_all[1])
        if score.merged_share > MERGED
    ]
    print("\naims met" if not missed else "\naims missed: " + "; ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
