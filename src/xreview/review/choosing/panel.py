"""Finds the reviewers that are available for one change, and makes the chosen ones."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.analysers.registry import EMBEDDED
from xreview.config.paths import Folders
from xreview.config.prices import FILE as PRICE_FILE
from xreview.config.prices import load_prices
from xreview.config.reviewers import all_reviewers
from xreview.config.schema import Settings
from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.domain.stakes.tier import Tier
from xreview.hardening.redaction import know_environment, know_key
from xreview.models.http.socket_owner import Whose, owner_of
from xreview.models.local_servers import FoundServer, find_local_servers, ports_in
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Model
from xreview.ports.reviewer import Reviewer
from xreview.repo.files.tree import RepositoryTree
from xreview.review.asking.money import Money, Terms
from xreview.review.asking.prospects import Prospect, find_prospect, local_prospects
from xreview.review.asking.reply_cache import ReplyCache
from xreview.review.choosing.opponent import Assignment, Candidate
from xreview.review.choosing.tier_models import model_of_tier, with_model
from xreview.review.egress.consent import Egress
from xreview.review.egress.gate import Gate
from xreview.review.prompt.own import NO_OWN_PROMPTS, OwnPrompts, read_own_prompts
from xreview.review.rebut.grounding import ReadElsewhere
from xreview.review.session.part import NEEDS_ONE_LENS, READ_BY_ANOTHER, PartReviewer
from xreview.review.session.whole_change import WholeChange
from xreview.review.tools.copying import copy_readable

if TYPE_CHECKING:  # for models only, which the first findings do without
    from xreview.agents.base.agent import WritableFolder
    from xreview.agents.finding.detection import Detected
    from xreview.agents.running.model import AgentModel
    from xreview.review.asking.answerer import Answerer, Voice
    from xreview.review.asking.models import ModelMaker
    from xreview.review.asking.reviewer import ModelReviewer
    from xreview.review.tools.toolbox import Toolbox

ANALYSERS = tuple(Candidate(name, "", ReviewerKind.ANALYSER) for name in EMBEDDED)
REPLIES = "replies"
_LEAST_BUDGET = 0.01


@dataclass(frozen=True)
class ChangeContext:
    """What models learn about a change besides its code: the user's brief, "" for none, and the
    commit messages, the oldest first. They don't learn the `attention` that it deserves, which
    says what is read first, and by which model; None if it isn't known."""

    brief: str = ""
    messages: tuple[str, ...] = ()
    attention: ChangeAttention | None = None


@dataclass
class Panel:
    """The reviewers of one session: the analysers, and the models in the settings and on this
    machine.

    Args:
        environ: where keys and programs are looked for.
        folder: the reviewed checkout, whose programs are never run as agents.
        change: None to only list models.
        gate: clears everything that leaves the machine.
        prompts: the user's own, once `find` has read them.
    """

    settings: Settings
    folders: Folders
    environ: Mapping[str, str]
    money: Money
    folder: Path = field(default_factory=Path.cwd)
    change: WholeChange | None = None
    gate: Gate = field(default_factory=Gate)
    prompts: OwnPrompts = NO_OWN_PROMPTS
    _broken_prompt: ConfigError | None = None
    _prospects: dict[str, Prospect] = field(default_factory=dict[str, Prospect])
    _maker: "ModelMaker | None" = None
    _trees: list[RepositoryTree] = field(default_factory=list[RepositoryTree])
    _agents: list[Model] = field(default_factory=list[Model])

    async def find(self) -> tuple[Candidate, ...]:
        """Look for reviewers: configured models, models on this machine, then the analysers.

        Raises ConfigError if the price list or the list of ports is malformed. A broken prompt of
        the user's is an error once a model is to be asked with it.
        """
        try:
            self.prompts = await asyncio.to_thread(read_own_prompts, self.folders.prompts)
        except ConfigError as error:
            self._broken_prompt = error
        else:
            self._broken_prompt = None
        servers = await self._servers()
        know_environment(self.environ)
        prospects = await asyncio.to_thread(self._look, servers)
        for key in (one.key for one in prospects if one.key is not None):
            know_key(key.reveal())
        self._prospects = {one.settings.name: one for one in prospects}
        return (*(one.candidate for one in prospects), *ANALYSERS)

    def with_budget(self, budget: float) -> "Panel":
        """The same models with a budget of their own. Close it too."""
        return replace(
            self,
            money=Money(budget),
            _prospects=dict(self._prospects),
            _maker=None,
            _trees=[],
            _agents=[],
        )

    @property
    def prospects(self) -> tuple[Prospect, ...]:
        """The models that `find` found, usable or not."""
        return tuple(self._prospects.values())

    @property
    def fixers(self) -> tuple[Prospect, ...]:
        """The models that could fix findings, and verify fixes."""
        return self.prospects

    @property
    def writers(self) -> tuple[Prospect, ...]:
        """The models that could attempt a task."""
        return self.prospects

    def egress(self, names: Iterable[str]) -> tuple[Egress, ...]:
        """Where the change would go to ask these reviewers, one entry for each vendor and host.

        Places that need no consent are skipped.
        """
        there: dict[Egress, list[str]] = {}
        files, size = (len(self.change.files), self.change.size) if self.change else (0, 0)
        for name in names:
            prospect = self._prospects.get(name)
            if prospect is not None and prospect.needs_consent:
                who = prospect.identity
                note = prospect.owner.words if prospect.owner else ""
                place = Egress(who.vendor, who.host, (), files, size, prospect.through, note)
                there.setdefault(place, []).append(name)
        return tuple(replace(place, reviewers=tuple(names)) for place, names in there.items())

    def reviewers(
        self, assignments: Iterable[Assignment], context: ChangeContext
    ) -> list[Reviewer]:
        """Make the chosen models; analysers among the assignments are skipped.

        Raises ConfigError or ModelError if one can't be made.
        """
        chosen = [one for one in assignments if one.candidate.is_model]
        made: list[Reviewer] = []
        for one in chosen:
            several = sum(other.candidate == one.candidate for other in chosen) > 1
            reviewer = self.model_reviewer(one, context, with_lens=several)
            why = NEEDS_ONE_LENS if one.is_second else READ_BY_ANOTHER
            made.append(reviewer if one.paths is None else PartReviewer(reviewer, one.paths, why))
        return made

    def model_reviewer(
        self, assignment: Assignment, context: ChangeContext, *, with_lens: bool = False
    ) -> "ModelReviewer":
        """Make one model with one lens; `with_lens` adds it to the name, to distinguish two.

        In the deep tier, the fast model reads easy files. In the fast tier, it reads all.
        """
        from xreview.review.asking.reviewer import (
            LOCAL_REVIEW_SECONDS,
            REVIEW_SECONDS,
            Asking,
            ModelReviewer,
        )

        prospect = self._prospects[assignment.candidate.name]
        answerer = self.answerer(assignment.candidate.name, tier=assignment.tier)
        lens = assignment.lens or Lens.RISK
        who = answerer.identity
        lighter = prospect.settings.lighter if assignment.tier is Tier.DEEP else ""
        answerer = replace(
            answerer,
            identity=replace(who, name=f"{who.name}/{lens}") if with_lens else who,
            lighter=self._voice(prospect, lighter) if lighter else None,
            seconds=LOCAL_REVIEW_SECONDS if prospect.identity.is_local else REVIEW_SECONDS,
        )
        reads_last = self.settings.read_documentation
        told = context.brief, context.messages
        return ModelReviewer(Asking(answerer, lens, *told, reads_last, context.attention))

    def answerer(
        self, name: str, tree: RepositoryTree | None = None, tier: Tier = Tier.DEEP
    ) -> "Answerer":
        """Make the model of that name, to answer what others reported.

        It reads `tree`, by default the change's. Raises ConfigError or ModelError if it can't be
        made, or has no fast model to ask in that tier.
        """
        from xreview.review.asking.answerer import Answerer

        if self._broken_prompt is not None:
            raise self._broken_prompt
        prospect = self._prospects[name]
        who, id = prospect.identity, model_of_tier(prospect, tier)
        tree = tree or self._tree()
        return Answerer(
            ReviewerIdentity(name, prospect.kind, who.vendor, id or who.model),
            self._voice(prospect, id, tree),
            self._made.slots(prospect),
            new_toolbox=None if prospect.detected else self._toolbox_maker(tree),
            cache=ReplyCache(self.folders.cache / REPLIES),
            gate=self.gate,
            prompts=self.prompts,
        )

    def fixer_voice(self, name: str, writable: "WritableFolder", tier: Tier = Tier.DEEP) -> "Voice":
        """Make the coding agent of that name in its write mode; the caller has the consent.

        Raises LookupError if it isn't an agent that was found, or ModelError if it can't be used or
        has no fast model to ask in that tier.
        """
        from xreview.agents.running.model import writing_agent_model
        from xreview.review.asking.answerer import Voice

        prospect = self._prospects.get(name)
        if prospect is None or prospect.detected is None:
            raise LookupError(f"{name} isn't a coding agent on this machine")
        model = writing_agent_model(
            prospect.settings,
            writable,
            self.environ,
            detected=with_model(prospect.detected, model_of_tier(prospect, tier), self.environ),
            budget=max(self.money.cap - self.money.spent, _LEAST_BUDGET),
        )
        self._agents.append(model)
        return Voice(model, Terms(self.money, None, is_free=False))

    def elsewhere(self) -> ReadElsewhere | None:
        """Return what reads files outside of the change, to look up what an answer quotes."""
        tree = self._tree()
        return tree.read if tree else None

    async def close(self) -> None:
        """Close connections and end processes."""
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
    def _made(self) -> "ModelMaker":
        if self._maker is None:
            from xreview.review.asking.models import ModelMaker

            self._maker = ModelMaker(load_prices(price_file(self.folders)))
        return self._maker

    def _voice(
        self, prospect: Prospect, id: str = "", tree: RepositoryTree | None = None
    ) -> "Voice":
        from xreview.review.asking.answerer import Voice

        if prospect.detected is not None:
            # A subscription has no price; if the agent reports a cost, that is shown.
            terms = Terms(self.money, None, is_free=False)
            agent = self._agent(prospect, prospect.detected, id, tree or self._tree())
            return Voice(agent, terms)
        if prospect.is_found and prospect.address is not None:
            # Another user's server can have taken the port since this one was found.
            owner = owner_of(prospect.address.name, prospect.address.port)
            if owner.whose is Whose.OTHER:
                raise ModelError(Failure.CONNECTION, owner.words, "Start your own server again.")
        model = self._made.model(prospect, id)
        price = self._made.prices.of(model.identity.model)
        return Voice(model, Terms(self.money, price, prospect.identity.is_local))

    def _agent(
        self, prospect: Prospect, detected: "Detected", id: str, tree: RepositoryTree | None
    ) -> "AgentModel":
        from xreview.agents.base.agent import ReadableFolder
        from xreview.agents.running.model import agent_model

        copy_to, repository = None, self.change.repository if self.change else None
        if tree is not None:
            copy_to = partial(copy_readable, tree, self.settings.ignores, gate=self.gate)
        readable = ReadableFolder((repository and repository.top) or self.folder, copy_to)
        found = with_model(detected, id, self.environ)
        model = agent_model(prospect.settings, readable, self.environ, detected=found)
        self._agents.append(model)
        return model

    def _tree(self) -> RepositoryTree | None:
        tree = self.change.tree() if self.change else None
        if tree is not None:
            self._trees.append(tree)
        return tree

    def _toolbox_maker(self, tree: RepositoryTree | None) -> "Callable[[], Toolbox] | None":
        if tree is None:
            return None
        from xreview.review.tools.toolbox import Toolbox

        return lambda: Toolbox(tree, time.monotonic, self.settings.ignores, gate=self.gate)


def price_file(folders: Folders) -> Path:
    """The file of the user's own prices."""
    return folders.config / PRICE_FILE
