"""What the experiment would send and cost, by the program's own preview of each review."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from experiment_parts.arms import ArmRoom, is_of
from experiment_parts.commits import SampledCommit
from xreview.config.load import load
from xreview.config.paths import Folders
from xreview.config.schema import Settings, TierSetting
from xreview.domain.authorship.author_answer import parse_answer
from xreview.domain.errors import UsageError
from xreview.domain.scorecard.scored import Arm
from xreview.repo.change.request import ChangeRequest
from xreview.review.asking.money import Money
from xreview.review.assembly.preview import Previewed, preview
from xreview.review.assembly.run_options import RunOptions
from xreview.review.choosing.choice import Candidate
from xreview.review.choosing.panel import Panel


@dataclass(frozen=True, slots=True)
class PlannedReview:
    """One review's first requests: how many, their tokens, and US dollars at most (None if a price
    is unknown)."""

    requests: int
    tokens: int
    at_most: float | None

    def __add__(self, other: "PlannedReview") -> "PlannedReview":
        costs = (self.at_most, other.at_most)
        known = [one for one in costs if one is not None]
        return PlannedReview(
            self.requests + other.requests,
            self.tokens + other.tokens,
            sum(known) if len(known) == len(costs) else None,
        )


NOTHING_PLANNED = PlannedReview(0, 0, 0.0)


@dataclass(frozen=True)
class Plan:
    """The planned reviews by commit and arm, without those that are done."""

    reviews: Mapping[tuple[str, Arm], PlannedReview]
    hosts: Mapping[Arm, str]

    def of(self, arm: Arm) -> PlannedReview:
        """All reviews of one arm."""
        mine = [one for (_, other), one in self.reviews.items() if other is arm]
        return sum(mine, NOTHING_PLANNED)

    def of_pair(self, commit: str) -> float | None:
        """US dollars at most for what is left to do of a commit; None if a price is unknown."""
        mine = [one for (other, _), one in self.reviews.items() if other == commit]
        return sum(mine, NOTHING_PLANNED).at_most

    @property
    def whole(self) -> PlannedReview:
        """Everything."""
        return sum(self.reviews.values(), NOTHING_PLANNED)


def settings_of(folders: Folders) -> Settings:
    """The user's settings, with the deep model of every reviewer: else one arm could read with a
    cheaper one."""
    return replace(load(folders, None, os.environ).checked(), tier=TierSetting.DEEP)


def readers(folders: Folders, settings: Settings, repository: Path) -> tuple[Candidate, ...]:
    """The models that could review, in order of preference; sends nothing."""

    async def found() -> tuple[Candidate, ...]:
        panel = Panel(settings, folders, dict(os.environ), Money(settings.budget), repository)
        try:
            return tuple(one for one in await panel.find() if one.is_model)
        finally:
            await panel.close()

    return asyncio.run(found())


def choose_readers(
    candidates: Sequence[Candidate], author: str, same: str, cross: str
) -> tuple[Candidate, Candidate]:
    """The reviewers of both arms: those named, else the preferred ones. `author` is the family that
    wrote the commits; "" to take that of the same-family reviewer.

    Raises UsageError if there is none, or one belongs to the other arm.
    """
    usable = [one for one in candidates if one.vendor and one.is_usable]
    first = _chosen(candidates, same, [one for one in usable if one.vendor == author], "--same")
    family = author or first.vendor
    others = [one for one in usable if one.vendor != family]
    second = _chosen(candidates, cross, others, "--cross")
    if first.vendor != family:
        raise UsageError(
            f"{first.name} is of {first.vendor or 'an unknown family'}, but {family} wrote the "
            "code.",
            "Name a reviewer of the author's family with --same.",
        )
    if second.vendor in ("", family):
        raise UsageError(
            f"{second.name} is of {second.vendor or 'an unknown family'}, not of another one than "
            f"the author's, {family}.",
            "Name a reviewer of another family with --cross.",
        )
    return first, second


def _chosen(
    candidates: Sequence[Candidate], name: str, fallback: Sequence[Candidate], option: str
) -> Candidate:
    if name:
        found = next((one for one in candidates if one.name == name), None)
        if found is None:
            raise UsageError(f"{option}: unknown reviewer “{name}”.", "See `xreview-tui models`.")
        if not found.is_usable:
            raise UsageError(f"{option}: {name} can't be asked: {found.why_not}.")
        return found
    if not fallback:
        raise UsageError(
            "No reviewer for one of the arms can be asked.", f"Name one with {option}."
        )
    return fallback[0]


def plan_reviews(
    repository: Path,
    commits: Sequence[SampledCommit],
    rooms: Sequence[ArmRoom],
    folders: Folders,
    say: Callable[[str], None],
) -> Plan:
    """Plan what isn't done yet. Sends nothing. Raises ReviewerError for a reviewer that can't be
    asked."""
    settings = settings_of(folders)
    planned: dict[tuple[str, Arm], PlannedReview] = {}
    hosts: dict[Arm, str] = {}
    for number, commit in enumerate(commits, start=1):
        say(f"planning: {number} of {len(commits)} commits")
        for room in rooms:
            if room.reviewed(commit.id) is not None:
                continue
            seen = _previewed(repository, commit, room, folders, settings)
            mine = [one for one in seen.previews if is_of(room.reviewer, one.identity.name)]
            if why := next((one.why_not for one in mine if one.why_not), ""):
                raise UsageError(
                    f"{room.reviewer} can't be asked: {why}.", "See `xreview-tui models`."
                )
            hosts.update((room.arm, one.model.host) for one in mine)
            parts = [
                PlannedReview(len(one.plan.requests), one.plan.tokens, one.at_most) for one in mine
            ]
            planned[commit.id, room.arm] = sum(parts, NOTHING_PLANNED)
    return Plan(planned, hosts)


def _previewed(
    repository: Path,
    commit: SampledCommit,
    room: ArmRoom,
    folders: Folders,
    settings: Settings,
) -> Previewed:
    arm_folders = Folders(folders.config, room.folder, room.folder / "cache", room.folder / "state")
    options = RunOptions(
        replace(settings, review_with=(room.reviewer,)),
        arm_folders,
        dict(os.environ),
        said=parse_answer(commit.family),
        allows_egress=True,
    )
    return preview(ChangeRequest(cwd=repository, commit=commit.id), options)
