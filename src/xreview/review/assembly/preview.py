"""What a review would send to models, planned as in a review but not sent: `prompt show`.

Vendors aren't asked for their models' limits either, which come from the settings and the price
list; servers on this machine are.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence

from xreview.domain.change import FileDiff
from xreview.domain.errors import ReviewerError
from xreview.domain.record import dataclass, replace
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.domain.text import count_of
from xreview.ports.model import ModelFeatures, ModelIdentity, ModelLimits, ModelSignal
from xreview.ports.request import ModelRequest, Tool
from xreview.repo.change.request import ChangeRequest
from xreview.repo.hardened.processes import Processes
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.asking.prospects import Prospect
from xreview.review.asking.reviewer import ModelReviewer
from xreview.review.assembly.parts import ReviewParts, review_parts
from xreview.review.assembly.run_options import RunOptions
from xreview.review.choosing.choice import Assignment, ReaderChoice
from xreview.review.choosing.panel import ChangeContext
from xreview.review.egress.consent import Egress
from xreview.review.egress.gate import Gate
from xreview.review.egress.withholding import Withholding
from xreview.review.past.conventions import ConventionBook
from xreview.review.prompt.plan import Part, Plan
from xreview.review.pulls.opening import collect_change
from xreview.review.session.whole_change import read_to_end


@dataclass(frozen=True)
class PreviewedRequest:
    """One request that would be sent, with its model's id. `at_most` is the cost of its first turn
    with the longest answer, in US dollars; None if the price is unknown."""

    part: Part
    model: str
    at_most: float | None


@dataclass(frozen=True)
class Preview:
    """What one reviewer would send.

    `why_not` says why it can't be asked now, "" if it can. `withheld` has the files with lines that
    look like secrets, each with how many.
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
        """US dollars for the first turns of all requests; None if a price is unknown."""
        costs = [request.at_most for request in self.requests]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None


@dataclass(frozen=True)
class Previewed:
    """Everything that would be sent, and the places to which code goes only after you agree."""

    sentence: str
    previews: tuple[Preview, ...]
    wanting_consent: tuple[Egress, ...]


def preview(request: ChangeRequest, options: RunOptions, lens: Lens | None = None) -> Previewed:
    """What a review of this change would send, and to whom.

    It shows the models in `settings.review_with`, usable or not; if none is named, those that a
    review would choose. `lens` overrides the one that opposes the author's vendor.

    Raises ChangeError if there is no change to read, ReviewerError if no model would read it or an
    unknown one is named.
    """

    async def previewed() -> Previewed:
        with Processes():
            return await _preview(request, options, lens)

    return asyncio.run(previewed())


async def _preview(request: ChangeRequest, options: RunOptions, lens: Lens | None) -> Previewed:
    collected = await asyncio.to_thread(collect_change, request, options)
    try:
        change = await asyncio.to_thread(read_to_end, collected, request)
        parts = await asyncio.to_thread(review_parts, change, options)
        try:
            choice = await _choice(parts)
            wanting = await asyncio.to_thread(parts.permission.to_ask, choice.reviewers)
            previews = await _previews(parts, _with_lens(choice, lens))
        finally:
            await parts.panel.close()
        return Previewed(choice.sentence, previews, wanting)
    finally:
        collected.close()


async def _choice(parts: ReviewParts) -> ReaderChoice:
    named = parts.options.settings.review_with
    # A named model is shown even without its key.
    parts.authorship.candidates = tuple(
        replace(one, is_usable=True, why_not="") if one.name in named else one
        for one in await parts.panel.find()
    )
    await parts.authorship.gather()
    choice = parts.authorship.choice()
    if not any(one.candidate.is_model for one in choice.assignments):
        raise ReviewerError(
            f"Nothing would be sent. {choice.sentence}",
            "`--reviewer NAME` shows what a model would be sent, even without its key.",
        )
    return choice


def _with_lens(choice: ReaderChoice, lens: Lens | None) -> tuple[Assignment, ...]:
    models = [one for one in choice.assignments if one.candidate.is_model]
    if lens is not None:
        models = [replace(one, lens=lens) for one in models]
    return tuple(dict.fromkeys(models))


async def _previews(parts: ReviewParts, assignments: Sequence[Assignment]) -> tuple[Preview, ...]:
    """What each of them would send."""
    change, settings = parts.change, parts.options.settings
    messages = await asyncio.to_thread(change.messages)
    context = ChangeContext(parts.options.brief, messages, parts.authorship.attention)
    conventions = await asyncio.to_thread(_conventions, parts)
    names = [one.candidate.name for one in assignments]
    prospects = {one.settings.name: one for one in parts.panel.prospects}
    previews: list[Preview] = []
    with change.contents() as reader:
        for one in assignments:
            with_lens = names.count(one.candidate.name) > 1
            made = parts.panel.model_reviewer(one, context, with_lens=with_lens)
            prospect = prospects[one.candidate.name]
            files = [
                file
                for file in change.files
                if not settings.ignores(file.path) and (one.paths is None or file.path in one.paths)
            ]
            gate = made.asking.answerer.gate
            withholding = Withholding(reader, gate)
            cleaned = await withholding.files(files)
            reviewer = ModelReviewer(
                replace(made.asking, answerer=silenced(made.asking.answerer, prospect))
            )
            plan = await reviewer.planned(cleaned, withholding, conventions)
            plan, withheld = await asyncio.to_thread(_through, gate, plan)
            answerer = reviewer.asking.answerer.within(plan.room)
            previews.append(
                Preview(
                    reviewer.identity,
                    replace(prospect.identity, model=reviewer.identity.model),
                    reviewer.lens,
                    prospect.why_not,
                    plan,
                    tuple(_previewed(part, answerer) for part in plan.requests),
                    (*_notes(files, withholding), *_said(withholding.said + withheld)),
                    answerer.tools,
                )
            )
    return tuple(previews)


def _conventions(parts: ReviewParts) -> tuple[str, ...]:
    """The conventions that a session would send: from the settings and the journal."""
    change, journal, given = parts.change, parts.options.journal, parts.options.settings.conventions
    if change.repository is None or not journal.exists():
        return given
    book = ConventionBook(journal, change.repository_name, change.actor)
    return tuple(dict.fromkeys((*given, *(one.sentence for one in book.all()))))


def _through(gate: Gate, plan: Plan) -> tuple[Plan, int]:
    """The plan with each request as the gate clears it, and how much it withheld."""
    through = [(part, *gate.request(part.request)) for part in plan.requests]
    requests = tuple(replace(part, request=request) for part, request, _ in through)
    return replace(plan, requests=requests), sum(count for *_, count in through)


def _notes(files: Sequence[FileDiff], withholding: Withholding) -> Iterator[tuple[str, str]]:
    return ((one.path, note) for one in files if (note := withholding.note(one.path)))


def _said(count: int) -> tuple[tuple[str, str], ...]:
    what = "text around the code"
    return ((what, f"{count_of(count, 'place')} withheld, like secrets"),) if count else ()


def _previewed(part: Part, answerer: Answerer) -> PreviewedRequest:
    """One request of a plan, with its model and cost."""
    voice = answerer.voice_for(is_hard=part.is_hard)
    terms = voice.terms
    cost = terms.price.cost(part.tokens, answerer.max_output) if terms.price else None
    return PreviewedRequest(part, voice.model.identity.model, 0.0 if terms.is_free else cost)


def silenced(answerer: Answerer, prospect: Prospect) -> Answerer:
    """The same, but asking only servers on this machine."""
    if prospect.identity.is_local:
        return answerer
    lighter = answerer.lighter and _silent(answerer.lighter, prospect)
    return replace(answerer, voice=_silent(answerer.voice, prospect), lighter=lighter)


def _silent(voice: Voice, prospect: Prospect) -> Voice:
    settings, price = prospect.settings, voice.terms.price
    known = ModelLimits(
        output_tokens=settings.max_output or (price.max_output if price else None),
        window=settings.context or (price.context if price else None),
    )
    return replace(voice, model=_SilentModel(voice.model.identity, voice.model.features, known))


@dataclass(frozen=True)
class _SilentModel:
    """A model that asks nothing (`ports.model.Model`)."""

    identity: ModelIdentity
    features: ModelFeatures
    known: ModelLimits

    async def limits(self) -> ModelLimits:
        """The limits known from settings and price list."""
        return self.known

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Refuse."""
        raise ReviewerError("A preview asks no model.")
        yield  # pragma: no cover - makes this a generator

    async def close(self) -> None:
        """Do nothing."""
