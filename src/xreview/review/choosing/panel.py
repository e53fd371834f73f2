"""Everyone who could read a change, and making those who do.

The analysers are always there. Models are looked for when a change was collected: in the settings,
by their keys, and on this machine.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.analysers.registry import EMBEDDED
from xreview.config.paths import Folders
from xreview.config.prices import FILE as PRICE_FILE
from xreview.config.prices import load_prices
from xreview.config.reviewers import all_reviewers
from xreview.config.schema import Settings
from xreview.domain.change import ChangeSource
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.hardening.redaction import know_environment, know_key
from xreview.models.http.socket_owner import Whose, owner_of
from xreview.models.local_servers import FoundServer, find_local_servers, ports_in
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Model
from xreview.ports.reviewer import Reviewer
from xreview.repo.change.collecting import CollectedChange
from xreview.repo.files.tree import RepositoryTree
from xreview.repo.repository import Repository
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.asking.models import ModelMaker
from xreview.review.asking.money import Money, Terms
from xreview.review.asking.prospects import (
    Prospect,
    find_prospect,
    local_prospects,
)
from xreview.review.asking.reply_cache import ReplyCache
from xreview.review.asking.reviewer import (
    LOCAL_REVIEW_SECONDS,
    REVIEW_SECONDS,
    Asking,
    ModelReviewer,
)
from xreview.review.choosing.opponent import Assignment, Candidate
from xreview.review.egress.consent import Consents, Egress
from xreview.review.egress.gate import Gate
from xreview.review.rebut.grounding import ReadElsewhere
from xreview.review.session.part import PartReviewer
from xreview.review.tools.copying import copy_readable
from xreview.review.tools.toolbox import Toolbox

if TYPE_CHECKING:  # for agents only
    from xreview.agents.finding.detection import Detected
    from xreview.agents.running.model import AgentModel

ANALYSERS = tuple(Candidate(name, "", ReviewerKind.ANALYSER) for name in EMBEDDED)
CONSENT_FILE = "egress.json"
REPLIES = "replies"


@dataclass(frozen=True)
class ChangeContext:
    """What models are told of a change beside its code.

    Args:
        brief: what a person says it is for; "" for nothing.
        messages: its commits' messages, the oldest first.
    """

    brief: str = ""
    messages: tuple[str, ...] = ()


@dataclass
class Panel:
    """The reviewers of one session.

    Args:
        settings: the user's; folders: where replies and consents are kept.
        environ: where keys and programs are looked for.
        money: what the models may spend together.
        folder: the reviewed checkout, none of whose programs is an agent.
        gate: through which everything goes that leaves the machine.
    """

    settings: Settings
    folders: Folders
    environ: Mapping[str, str]
    money: Money
    folder: Path = field(default_factory=Path.cwd)
    gate: Gate = field(default_factory=Gate)
    _prospects: dict[str, Prospect] = field(default_factory=dict[str, Prospect])
    _maker: ModelMaker | None = None
    _trees: list[RepositoryTree] = field(default_factory=list[RepositoryTree])
    _agents: list[Model] = field(default_factory=list[Model])
    _collected: CollectedChange | None = None

    async def find(self) -> tuple[Candidate, ...]:
        """Everyone who could read, the analysers last: configured models, then those that run here.

        Raises ConfigError where the user's price list or the ports to look at are malformed.
        """
        servers = await self._servers()
        know_environment(self.environ)
        prospects = await asyncio.to_thread(self._look, servers)
        for key in (one.key for one in prospects if one.key is not None):
            know_key(key.reveal())
        self._prospects = {one.settings.name: one for one in prospects}
        return (*(one.candidate for one in prospects), *ANALYSERS)

    @property
    def prospects(self) -> tuple[Prospect, ...]:
        """The models that `find` found, usable or not."""
        return tuple(self._prospects.values())

    def egress(self, names: Iterable[str], files: int, size: int) -> tuple[Egress, ...]:
        """Where code would go to ask these reviewers, one entry for each vendor and host.

        Args:
            names: of reviewers; analysers among them send nothing.
            files: how many files the change has; size: how many bytes its diff has.
        """
        there: dict[Egress, list[str]] = {}
        for name in names:
            prospect = self._prospects.get(name)
            if prospect is not None and prospect.needs_consent:
                who = prospect.identity
                note = prospect.owner.words if prospect.owner else ""
                place = Egress(who.vendor, who.host, (), through=prospect.through, note=note)
                there.setdefault(place, []).append(name)
        return tuple(
            replace(place, reviewers=tuple(names), files=files, size=size)
            for place, names in there.items()
        )

    @property
    def consents(self) -> Consents:
        """What the user allowed so far."""
        return Consents(self.folders.state / CONSENT_FILE, self.settings.egress)

    def reviewers(
        self, assignments: Iterable[Assignment], collected: CollectedChange, told: ChangeContext
    ) -> list[Reviewer]:
        """Make the models that were chosen; analysers among the assignments are left out.

        Raises ConfigError or ModelError where one can't be made.
        """
        chosen = [one for one in assignments if one.candidate.is_model]
        made: list[Reviewer] = []
        for one in chosen:
            several = sum(other.candidate == one.candidate for other in chosen) > 1
            reviewer = self.model_reviewer(one, collected, told, with_lens=several)
            made.append(reviewer if one.paths is None else PartReviewer(reviewer, one.paths))
        return made

    def model_reviewer(
        self,
        assignment: Assignment,
        collected: CollectedChange,
        told: ChangeContext,
        *,
        with_lens: bool = False,
    ) -> ModelReviewer:
        """One model with one lens; `with_lens` puts it into the name, to tell two of them apart."""
        prospect = self._prospects[assignment.candidate.name]
        answerer = self.answerer(assignment.candidate.name, collected)
        lens = assignment.lens or Lens.RISK
        who = answerer.identity
        lighter = prospect.settings.lighter
        answerer = replace(
            answerer,
            identity=replace(who, name=f"{who.name}/{lens}") if with_lens else who,
            lighter=self._voice(prospect, lighter) if lighter else None,
            seconds=LOCAL_REVIEW_SECONDS if prospect.identity.is_local else REVIEW_SECONDS,
        )
        reads_last = self.settings.read_documentation
        return ModelReviewer(Asking(answerer, lens, told.brief, told.messages, reads_last))

    def answerer(self, name: str, collected: CollectedChange) -> Answerer:
        """The model of that name, to answer what others reported.

        Raises ConfigError or ModelError where it can't be made.
        """
        self._collected = collected
        prospect = self._prospects[name]
        who = prospect.identity
        return Answerer(
            ReviewerIdentity(name, prospect.kind, who.vendor, who.model),
            self._voice(prospect),
            self._made.slots(prospect),
            new_toolbox=None if prospect.detected else self._toolbox_maker(collected),
            cache=ReplyCache(self.folders.cache / REPLIES),
            gate=self.gate,
        )

    def elsewhere(self, collected: CollectedChange) -> ReadElsewhere | None:
        """Reads files outside of the change, for looking up what an answer quotes."""
        if collected.repository is None:
            return None
        return self._tree(collected.source, collected.repository).read

    async def close(self) -> None:
        """Let connections and processes go."""
        if self._maker is not None:
            await self._maker.close()
            cache = ReplyCache(self.folders.cache / REPLIES)
            await asyncio.to_thread(cache.trim)
        for agent in self._agents:
            await agent.close()
        for tree in self._trees:
            tree.close()

    async def _servers(self) -> Sequence[FoundServer]:
        return await find_local_servers(ports_in(self.environ))

    def _look(self, servers: Sequence[FoundServer]) -> list[Prospect]:
        known = all_reviewers(self.settings.reviewers)
        is_offline = self.settings.offline
        found = [
            find_prospect(one, self.environ, self.folder, is_offline=is_offline)
            for one in known.values()
        ]
        taken = {one.settings.name for one in found}
        return [*found, *(p for p in local_prospects(servers) if p.settings.name not in taken)]

    @property
    def _made(self) -> ModelMaker:
        if self._maker is None:
            self._maker = ModelMaker(load_prices(price_file(self.folders)))
        return self._maker

    def _voice(self, prospect: Prospect, id: str = "") -> Voice:
        if prospect.detected is not None:
            # A subscription has no price; where the agent names a cost, that is shown.
            terms = Terms(self.money, None, is_free=False)
            return Voice(self._agent(prospect, prospect.detected), terms)
        if prospect.is_found and prospect.address is not None:
            # Whoever listened when it was found may have left, and another have come.
            owner = owner_of(prospect.address.name, prospect.address.port)
            if owner.whose is Whose.OTHER:
                raise ModelError(Failure.CONNECTION, owner.words, "Start your own server again.")
        model = self._made.model(prospect, id)
        price = self._made.prices.of(model.identity.model)
        return Voice(model, Terms(self.money, price, prospect.identity.is_local))

    def _agent(self, prospect: Prospect, detected: "Detected") -> "AgentModel":
        from xreview.agents.base.agent import ReadableFolder
        from xreview.agents.running.model import agent_model

        collected = self._collected
        copy_to, top = None, None
        if collected is not None and collected.repository is not None:
            tree = self._tree(collected.source, collected.repository)
            copy_to = partial(copy_readable, tree, self.settings.ignores, gate=self.gate)
            top = collected.repository.top
        readable = ReadableFolder(top or self.folder, copy_to)
        model = agent_model(prospect.settings, readable, self.environ, detected=detected)
        self._agents.append(model)
        return model

    def _tree(self, source: ChangeSource, repository: Repository) -> RepositoryTree:
        tree = RepositoryTree(source, repository)
        self._trees.append(tree)
        return tree

    def _toolbox_maker(self, collected: CollectedChange) -> Callable[[], Toolbox] | None:
        if collected.repository is None:
            return None
        tree = self._tree(collected.source, collected.repository)
        return lambda: Toolbox(tree, time.monotonic, self.settings.ignores, gate=self.gate)


def change_background(collected: CollectedChange, brief: str) -> ChangeContext:
    """What the change is for: a person's words, and its commits' messages. Worth a thread.

    Raises ChangeError where git fails.
    """
    if collected.repository is None:
        return ChangeContext(brief)
    from xreview.repo.change.history import commits_of

    commits = commits_of(collected.repository, collected.source)
    return ChangeContext(brief, tuple(commit.message for commit in reversed(commits)))


def price_file(folders: Folders) -> Path:
    """Where the user's own prices are."""
    return folders.config / PRICE_FILE
