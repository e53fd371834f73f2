"""A program of its own that runs a trial until it is killed; started by `test_kills.py`.

python program.py REPOSITORY SHELF JOURNAL
"""

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path

from tests.review.attempts.scripted import (
    WISH,
    ScriptedTrialCrew,
    ScriptedWriter,
    writing,
    wrote,
)
from xreview.domain.events.event import AttemptPayload, Event
from xreview.ports.model import Doing
from xreview.repo.disposable.shelf import ATTEMPT_WARES, FixShelf
from xreview.repo.repository import find_repository
from xreview.review.attempts.place import TrialPlace
from xreview.review.attempts.trials import Trials
from xreview.review.session.ledger import Ledger
from xreview.review.session.surroundings import new_id, now


def hidden(path: str) -> bool:
    return path.endswith("CLAUDE.md")


async def main(top: Path, shelf: Path, journal: Path) -> None:
    ledger, repository = Ledger(journal), find_repository(top)

    async def record(trial: str, *payloads: AttemptPayload) -> None:
        await ledger.append(
            [Event(new_id(), trial, repository.identity, now(), "a", one) for one in payloads]
        )

    forever = asyncio.Event()
    crew = ScriptedTrialCrew(
        {
            "A": writing("three = 3\n"),
            "B": ScriptedWriter(
                [wrote("part = 1\n"), wrote("obey", "deep/CLAUDE.md"), Doing("thinking"), forever]
            ),
            "C": ScriptedWriter([forever]),
        }
    )
    wares = FixShelf(shelf, ATTEMPT_WARES)
    place = TrialPlace(repository, wares, record, new_id, now, hidden, at_once=2)
    async with aclosing(Trials(place, crew).run(WISH)) as snapshots:
        async for one in snapshots:
            if one.by_label["A"].is_over and one.by_label["B"].doing == "thinking":
                print(one.id, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*map(Path, sys.argv[1:])))
