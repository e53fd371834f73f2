"""What a review would send to models, found out without sending any of it: `prompt show`.

It goes the way of a review: the same panel chooses and makes the reviewers, and they plan as they
would before asking. Vendors' servers are not even asked what fits into their models: what settings
and price list say holds. Servers on this machine are.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, replace

from xreview.config.prices import Price
from xreview.domain.change import FileDiff
from xreview.domain.errors import ReviewerError
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.domain.text import count_of
from xreview.ports.model import (
    Model,
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelSignal,
)
from xreview.ports.request import ModelRequest, Tool
from xreview.repo.change.collecting import CollectedChange, collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.files.contents import GitContents
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.asking.money import Money
from xreview.review.asking.prospects import Prospect
from xreview.review.asking.reviewer import Asking, ModelReviewer
from xreview.review.assembly.opening import NO_REPOSITORY, analysers_in, contents
from xreview.review.assembly.policy import governed
from xreview.review.assembly.run_options import RunOptions
from xreview.review.choosing.authorship import Authorship
from xreview.review.choosing.opponent import Assignment, Candidate, ReaderChoice
from xreview.review.choosing.panel import Panel, change_background
from xreview.review.egress.consent import Egress
from xreview.review.egress.gate import Gate
from xreview.review.egress.withholding import Withholding
from xreview.review.past.conventions import ConventionBook
from xreview.review.prompt.plan import Part, Plan


@dataclass(frozen=True)
class PreviewedRequest:
    """One request that would be sent.

    Args:
        model: the id of the model that it would go to.
        at_most: what its first turn may cost in US dollars, the longest answer included; None
            where the price is not known.
    """

    part: Part
    model: str
    at_most: float | None


@dataclass(frozen=True)
class Preview:
    """What one reviewer would send.

    Args:
        model: which, and at which host.
        is_usable: whether it could be asked now; `why_not` is the reason if not.
        withheld: files with lines that look like secrets, each with how many.
        tools: what it may call meanwhile to read more of the repository.
    """

    identity: ReviewerIdentity
    model: ModelIdentity
    lens: Lens
    why_not: str
    plan: Plan
    requests: tuple[PreviewedRequest, ...]
    withheld: tuple[tuple[str, str], ...]
    tools: tuple[Tool, ...]

    @property
    def at_most(self) -> float | None:
        """US dollars for the first turns of all requests; None where a price is not known."""
        costs = [request.at_most for request in self.requests]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None


@dataclass(frozen=True)
class Previewed:
    """Everything that would be sent.

    Args:
        sentence: who would read, and why they.
        wanting_consent: where the user would be asked before code goes there.
    """

    sentence: str
    previews: tuple[Preview, ...]
    wanting_consent: tuple[Egress, ...]


def preview(request: ChangeRequest, options: RunOptions, lens: Lens | None = None) -> Previewed:
    """What a review of this change would send, by whom it would be read.

    Args:
        options: `settings.review_with` names who is looked at, usable or not; nobody named is the
            choice that a review would make.
        lens: instead of the one the author's family calls for.

    Raises ChangeError where there is no change to read, ReviewerError where no model would read it
    or one is named that there is not.
    """
    return asyncio.run(_preview(request, options, lens))


async def _preview(request: ChangeRequest, options: RunOptions, lens: Lens | None) -> Previewed:
    analysers_in(options.settings)  # refuses a name that nobody has
    collected = await asyncio.to_thread(collect, request)
    options = await asyncio.to_thread(governed, options, collected)
    settings = options.settings
    money = Money(settings.budget)
    panel = Panel(settings, options.folders, options.environ, money, request.cwd)
    try:
        files = await asyncio.to_thread(_all_files, collected)
        choice = await _choice(collected, files, options, panel)
        wanting = await asyncio.to_thread(_wanting, panel, choice, collected, files, options)
        with contents(collected) as reader:
            looking = _Looking(panel, collected, reader, files, options)
            previews = await looking.at(_with_lens(choice, lens))
        return Previewed(choice.sentence, previews, wanting)
    finally:
        await panel.close()
        collected.close()


async def _choice(
    collected: CollectedChange, files: Sequence[FileDiff], options: RunOptions, panel: Panel
) -> ReaderChoice:
    settings = options.settings
    candidates = tuple(_named_ones_usable(await panel.find(), settings.review_with))
    authorship = Authorship(collected, files, candidates, settings, options.journal, options.said)
    await authorship.gather()
    choice = authorship.choice()
    if not any(one.candidate.is_model for one in choice.assignments):
        raise ReviewerError(
            f"Nothing would be sent. {choice.sentence}",
            "`--reviewer NAME` shows what a model would be sent, without its key too.",
        )
    return choice


def _named_ones_usable(candidates: Sequence[Candidate], named: Sequence[str]) -> list[Candidate]:
    """Whoever is asked for by name is looked at, with a key or without."""
    return [
        replace(one, is_usable=True, why_not="") if one.name in named else one for one in candidates
    ]


def _with_lens(choice: ReaderChoice, lens: Lens | None) -> tuple[Assignment, ...]:
    models = [one for one in choice.assignments if one.candidate.is_model]
    if lens is not None:
        models = [replace(one, lens=lens) for one in models]
    return tuple(dict.fromkeys(models))


def _wanting(
    panel: Panel,
    choice: ReaderChoice,
    collected: CollectedChange,
    files: Sequence[FileDiff],
    options: RunOptions,
) -> tuple[Egress, ...]:
    """Where a person would be asked first."""
    if options.allows_egress:
        return ()
    repository = collected.repository.identity if collected.repository else NO_REPOSITORY
    there = panel.egress(choice.reviewers, len(files), sum(len(file.body) for file in files))
    return tuple(one for one in there if not panel.consents.allows(repository, one))


def _all_files(collected: CollectedChange) -> list[FileDiff]:
    return [file for batch in collected.batches for file in batch]


class _Looking:
    """Has reviewers plan what they would send."""

    def __init__(
        self,
        panel: Panel,
        collected: CollectedChange,
        reader: GitContents,
        files: Sequence[FileDiff],
        options: RunOptions,
    ) -> None:
        self._panel = panel
        self._collected = collected
        self._reader = reader
        self._settings = options.settings
        self._files = tuple(file for file in files if not self._settings.ignores(file.path))
        self._brief = options.brief
        self._journal = options.journal

    def _conventions(self) -> tuple[str, ...]:
        """What a session would tell the models: the settings' and what is remembered."""
        repository = self._collected.repository
        if repository is None or not self._journal.exists():
            return self._settings.conventions
        book = ConventionBook(self._journal, repository.identity, repository.actor)
        remembered = (one.sentence for one in book.all())
        return tuple(dict.fromkeys((*self._settings.conventions, *remembered)))

    async def at(self, assignments: Sequence[Assignment]) -> tuple[Preview, ...]:
        """What each of them would send."""
        told = await asyncio.to_thread(change_background, self._collected, self._brief)
        conventions = await asyncio.to_thread(self._conventions)
        names = [one.candidate.name for one in assignments]
        prospects = {one.settings.name: one for one in self._panel.prospects}
        previews: list[Preview] = []
        for one in assignments:
            made = self._panel.model_reviewer(
                one, self._collected, told, with_lens=names.count(one.candidate.name) > 1
            )
            prospect = prospects[one.candidate.name]
            files = [f for f in self._files if one.paths is None or f.path in one.paths]
            gate = made.asking.answerer.gate
            withholding = Withholding(self._reader, gate)
            cleaned = await withholding.files(files)
            reviewer = ModelReviewer(_silenced(made.asking, prospect))
            plan = await reviewer.planned(cleaned, withholding, conventions)
            plan, withheld = await asyncio.to_thread(_through, gate, plan)
            answerer = reviewer.asking.answerer.within(plan.room)
            previews.append(
                Preview(
                    reviewer.identity,
                    prospect.identity,
                    reviewer.lens,
                    prospect.why_not,
                    plan,
                    tuple(_previewed(part, answerer) for part in plan.requests),
                    (*_notes(files, withholding), *_said(withholding.said + withheld)),
                    answerer.tools,
                )
            )
        return tuple(previews)


def _through(gate: Gate, plan: Plan) -> tuple[Plan, int]:
    """The plan with each request as the gate lets it through, and what it left out now."""
    through = [(part, *gate.request(part.request)) for part in plan.requests]
    requests = tuple(replace(part, request=request) for part, request, _ in through)
    return replace(plan, requests=requests), sum(count for *_, count in through)


def _notes(files: Sequence[FileDiff], withholding: Withholding) -> Iterator[tuple[str, str]]:
    return ((one.path, note) for one in files if (note := withholding.note(one.path)))


def _said(count: int) -> tuple[tuple[str, str], ...]:
    what = "what is said beside the code"
    return ((what, f"{count_of(count, 'place')} withheld as possible secrets"),) if count else ()


def _previewed(part: Part, answerer: Answerer) -> PreviewedRequest:
    """One of a plan's requests, with the model that gets it and what that costs."""
    voice = answerer.voice_for(is_hard=part.is_hard)
    terms = voice.terms
    cost = terms.price.cost(part.tokens, answerer.max_output) if terms.price else None
    return PreviewedRequest(part, voice.model.identity.model, 0.0 if terms.is_free else cost)


def _silenced(asking: Asking, prospect: Prospect) -> Asking:
    """The same, whose models ask no server but those on this machine."""
    if prospect.identity.is_local:
        return asking
    answerer = asking.answerer
    lighter = answerer.lighter
    silent = replace(
        answerer,
        voice=_silent(answerer.voice, prospect),
        lighter=_silent(lighter, prospect) if lighter else None,
    )
    return replace(asking, answerer=silent)


def _silent(voice: Voice, prospect: Prospect) -> Voice:
    return replace(voice, model=_Silent(voice.model, prospect, voice.terms.price))


class _Silent:
    """A model that is not asked anything (`reviewers.model.Model`)."""

    def __init__(self, model: Model, prospect: Prospect, price: Price | None) -> None:
        self.identity: ModelIdentity = model.identity
        self.features: ModelFeatures = model.features
        settings = prospect.settings
        self._known = ModelLimits(
            output_tokens=settings.max_output or (price.max_output if price else None),
            window=settings.context or (price.context if price else None),
        )

    async def limits(self) -> ModelLimits:
        """What is known to fit."""
        return self._known

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Refuse."""
        raise ReviewerError("A preview asks no model.")
        yield  # pragma: no cover - makes this a generator

    async def close(self) -> None:
        """There is nothing to let go."""
