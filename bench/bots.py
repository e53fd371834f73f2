"""How much of the bots' comments is read right, and how fast.

    python bench/bots.py [--comments 2000] [--fail-under 95]

Prints for each bot the samples in tests/data/bots, how many of them are built from a documented
shape, and the share whose title, severity, suggestion, places and marks are all read as expected.
The time is the processor time of turning a discussion with that many comments, the samples in turn,
into reports.
Ends with 1 where the share of all bots is below --fail-under.
"""

import argparse
import asyncio
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.imports.bots.samples import Sample, samples
from tests.imports.discussing import discussion, thread, voices

from xreview.domain.pull.pull import ForgeAccount

ENOUGH = 8
"""Samples that each bot should have."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--comments", type=int, default=2_000)
    parser.add_argument("--fail-under", type=float, default=95.0)
    arguments = parser.parse_args()
    share = print_shares(samples())
    found, seconds = asyncio.run(timed(samples(), arguments.comments))
    print(
        f"\n{arguments.comments:,} comments became {found:,} reports in {seconds:.2f} CPU seconds"
    )
    return int(share < arguments.fail_under)


@dataclass
class Tally:
    """The samples of one bot."""

    all: int = 0
    constructed: int = 0
    right: int = 0


def print_shares(given: list[Sample]) -> float:
    """Print the tally of each bot; return the percentage of all that are right."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for sample in given:
        for tally in (tallies[sample.bot], tallies["all"]):
            tally.all += 1
            tally.constructed += sample.is_constructed
            tally.right += all(want == got for _, want, got in sample.checks())
    print(f"{'bot':12} {'samples':>8} {'constructed':>12} {'missing':>8} {'right':>7}")
    for bot, tally in sorted(tallies.items(), key=lambda item: item[0] == "all"):
        seen = tally.all - tally.constructed
        missing = max(0, ENOUGH - seen) if bot != "all" else ""
        share = 100 * tally.right / tally.all
        print(f"{bot:12} {tally.all:8} {tally.constructed:12} {missing:>8} {share:6.1f}%")
    whole = tallies["all"]
    return 100 * whole.right / whole.all


async def timed(given: list[Sample], comments: int) -> tuple[int, float]:
    """The reports that this many comments become, and the seconds that it takes."""
    bodies = cycle([(one.body, one.login) for one in given if one.raw.get("kind") != "body"])
    said = discussion(
        *(
            thread(f"{body}\n\nNumber {number}.", ForgeAccount(login), id=f"T{number}")
            for number, (body, login) in enumerate(islice(bodies, comments))
        )
    )
    await voices(discussion())  # loads what is loaded once
    began = time.process_time()
    found = await voices(said)
    return sum(len(voice.raw) for voice in found), time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())
