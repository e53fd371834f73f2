"""The panel of a demonstration: models with written replies, and nobody else.

No key is looked for, no server knocked at, no program started. All that follows from a panel, from
the choice of the opponent to the checking of replies, is as in any other review.
"""

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from xreview.demo.scripts import scripted_models
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.models.local_servers import FoundServer
from xreview.models.replay import ReplayModel
from xreview.ports.provider import ReviewerSettings
from xreview.ports.reviewer import Notice, Reviewer, ReviewRequest, Signal
from xreview.repo.change.collecting import CollectedChange
from xreview.review.asking.answerer import Voice
from xreview.review.asking.money import Terms
from xreview.review.asking.prospects import Prospect
from xreview.review.choosing.opponent import Assignment
from xreview.review.choosing.panel import ChangeContext, Panel
from xreview.review.tools.toolbox import Toolbox

SCRIPTED = "Demonstration: what the models say was written beforehand. No model is asked."


class Announced:
    """A reviewer that says first that it is scripted (`reviewers.base.Reviewer`)."""

    def __init__(self, reviewer: Reviewer) -> None:
        self._reviewer = reviewer

    @property
    def identity(self) -> ReviewerIdentity:
        """Who it is."""
        return self._reviewer.identity

    @property
    def lens(self) -> Lens:
        """What it is asked to look for."""
        return self._reviewer.lens

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """The review. Raises ReviewerError."""
        yield Notice(SCRIPTED)
        async with aclosing(self._reviewer.review(request)) as signals:
            async for signal in signals:
                yield signal


@dataclass
class ScriptedPanel(Panel):
    """Finds the models of the demonstration."""

    _models: dict[str, ReplayModel] = field(default_factory=dict[str, ReplayModel])

    def reviewers(
        self, assignments: Iterable[Assignment], collected: CollectedChange, told: ChangeContext
    ) -> list[Reviewer]:
        """As any panel's, but that each says that it is scripted."""
        return [Announced(one) for one in super().reviewers(assignments, collected, told)]

    async def _servers(self) -> Sequence[FoundServer]:
        return ()

    def _look(self, servers: Sequence[FoundServer]) -> list[Prospect]:
        self._models = {model.identity.name: model for model in scripted_models()}
        return [
            Prospect(
                ReviewerSettings(name, "compatible", model.identity.model),
                model.identity,
                None,
                None,
            )
            for name, model in self._models.items()
        ]

    def _voice(self, prospect: Prospect, id: str = "") -> Voice:
        model = self._models[prospect.settings.name]
        return Voice(model, Terms(self.money, None, is_free=True))

    def _toolbox_maker(self, collected: CollectedChange) -> Callable[[], Toolbox] | None:
        return None  # a script calls no tools
