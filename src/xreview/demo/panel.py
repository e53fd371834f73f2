"""The panel of a demonstration: scripted models only, with no keys, servers, or programs."""

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from functools import cache
from importlib.resources import files

from xreview.domain.record import dataclass, field
from xreview.models.local_servers import FoundServer
from xreview.models.replay import ReplayModel, ReplayPace
from xreview.models.replay_script import Script, parse_script
from xreview.ports.provider import ReviewerSettings
from xreview.ports.reviewer import Notice, Reviewer, ReviewRequest, Signal
from xreview.repo.files.tree import RepositoryTree
from xreview.review.asking.answerer import Voice
from xreview.review.asking.money import Terms
from xreview.review.asking.prospects import Prospect
from xreview.review.choosing.choice import Assignment, Candidate
from xreview.review.choosing.panel import ChangeContext, Panel
from xreview.review.tools.toolbox import Toolbox

SCRIPTED = "Demonstration: the models' replies are scripted. No model is asked."

LIKE_A_MODEL = ReplayPace(thinking=0.6, characters=2500)
"""Fast enough not to bore, slow enough to watch."""


@cache
def scripts() -> tuple[Script, ...]:
    """The script of each model (`replies/*.toml`), by file name."""
    folder = files("xreview.demo").joinpath("replies")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    return tuple(parse_script(folder.joinpath(name).read_text("utf-8")) for name in names)


def scripted_models(pace: ReplayPace = LIKE_A_MODEL) -> tuple[ReplayModel, ...]:
    """The models of the demonstration."""
    return tuple(ReplayModel(script, pace) for script in scripts())


class Announced:
    """A reviewer that first announces that it is scripted (`ports.reviewer.Reviewer`)."""

    def __init__(self, reviewer: Reviewer) -> None:
        self.identity = reviewer.identity
        self.lens = reviewer.lens
        self._reviewer = reviewer

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Announce, then review. Raises ReviewerError."""
        yield Notice(SCRIPTED)
        async with aclosing(self._reviewer.review(request)) as signals:
            async for signal in signals:
                yield signal


@dataclass
class ScriptedPanel(Panel):
    """Finds the scripted models."""

    _models: dict[str, ReplayModel] = field(default_factory=dict[str, ReplayModel])

    async def find(self) -> tuple[Candidate, ...]:
        """Look for reviewers; a model whose script only writes isn't one."""
        reading = {script.name for script in scripts() if script.replies}
        found = await super().find()
        return tuple(one for one in found if not one.is_model or one.name in reading)

    def reviewers(
        self, assignments: Iterable[Assignment], context: ChangeContext
    ) -> list[Reviewer]:
        """Make the chosen models, each with a notice that it is scripted."""
        return [Announced(one) for one in super().reviewers(assignments, context)]

    async def _servers(self) -> Sequence[FoundServer]:
        return ()

    def _look(self, servers: Sequence[FoundServer]) -> list[Prospect]:
        self._models = {model.identity.name: model for model in scripted_models()}
        known = [model.identity for model in self._models.values()]
        return [
            Prospect(ReviewerSettings(one.name, "compatible", one.model), one, None, None)
            for one in known
        ]

    @property
    def fixers(self) -> tuple[Prospect, ...]:
        """None: a script can't fix what you choose."""
        return ()

    def _voice(self, prospect: Prospect, id: str = "", tree: RepositoryTree | None = None) -> Voice:
        model = self._models[prospect.settings.name]
        return Voice(model, Terms(self.money, None, is_free=True))

    def _toolbox_maker(self, tree: RepositoryTree | None) -> Callable[[], Toolbox] | None:
        return None  # a script calls no tools
