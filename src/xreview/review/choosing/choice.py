"""A choice of reviewers, and the sentence that explains it or why no model can be asked."""

from collections.abc import Collection, Sequence

from xreview.domain.authorship.author import Attribution
from xreview.domain.errors import ReviewerError
from xreview.domain.record import dataclass
from xreview.domain.report import Lens, ReviewerKind
from xreview.domain.stakes.tier import Tier
from xreview.domain.text import visible
from xreview.review.choosing.author_words import whole_words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewer to choose from, with its model's family; "" for an analyser or if unknown.

    `why_not` is a short reason if it isn't usable now. `fast` is the model of its fast tier, "" for
    none.
    """

    name: str
    vendor: str
    kind: ReviewerKind
    is_usable: bool = True
    why_not: str = ""
    is_local: bool = False
    fast: str = ""

    @property
    def is_model(self) -> bool:
        """Whether it is a model, whose family matters."""
        return self.kind is not ReviewerKind.ANALYSER


@dataclass(frozen=True, slots=True)
class Assignment:
    """A candidate that reads these paths (None for all) with one lens; an analyser has its own.

    `is_same_family`: it was named, though its own family wrote some of them. `tier`: which of its
    models reads. `is_second`: it reads only those that deserve a second lens.
    """

    candidate: Candidate
    lens: Lens | None = None
    paths: frozenset[str] | None = None
    is_same_family: bool = False
    tier: Tier = Tier.DEEP
    is_second: bool = False


@dataclass(frozen=True)
class ReaderChoice:
    """Who reads a change, models first, and a sentence about who and why.

    `families` are those of the models that can be asked, whether they read it or not.
    """

    assignments: tuple[Assignment, ...]
    sentence: str
    families: frozenset[str] = frozenset()

    @property
    def same_family(self) -> tuple[str, ...]:
        """The names of the reviewers of the author's own family."""
        named = (one.candidate.name for one in self.assignments if one.is_same_family)
        return tuple(dict.fromkeys(named))

    @property
    def reviewers(self) -> tuple[str, ...]:
        """The names of all reviewers, each once."""
        return tuple(dict.fromkeys(one.candidate.name for one in self.assignments))


def named_words(models: Sequence[Candidate], wrote: Collection[str], lenses: Sequence[Lens]) -> str:
    """Which models read because they were named; `wrote` are the families of the authors."""
    marked = [
        f"{model.name} ({_vendor(model)}, the author's own family)"
        if model.vendor in wrote
        else f"{model.name} ({_vendor(model)})"
        for model in models
    ]
    return f"{' and '.join(marked)}, as requested, {_lens_words(lenses)}"


def opponent_words(
    candidates: Sequence[Candidate],
    assignments: Sequence[Assignment],
    wrote: Collection[str],
    unread: Collection[str],
    *,
    is_by_person: bool = False,
) -> str:
    """Which models read because they oppose the author, and why others don't; `unread` are the
    families without an opponent."""
    readers: dict[Candidate, list[Lens]] = {}
    for one in assignments:
        if one.lens and one.lens not in (lenses := readers.setdefault(one.candidate, [])):
            lenses.append(one.lens)
    clauses = [
        f"{one.name} ({_vendor(one)}) {_lens_words(lenses)}" for one, lenses in readers.items()
    ]
    if clauses and not wrote:
        why = "a person wrote it" if is_by_person else "the author's is unknown"
        clauses[-1] += f", whatever its family, since {why}"
    if len(readers) > 1:
        clauses[-1] += "; each reads what the other's family wrote"
    models = [one for one in candidates if one.is_model]
    if models and (unread or not readers):
        reasons = "; ".join(f"{one.name}: {_why_not(one, unread)}" for one in models)
        family = f" from a family other than {' and '.join(sorted(unread))}" if unread else ""
        clauses.append(f"no model{family} can be asked ({reasons})")
    return ", ".join(clauses)


def _why_not(candidate: Candidate, vendors: Collection[str]) -> str:
    if not candidate.is_usable:
        return candidate.why_not or "not available"
    return "the author's own family" if candidate.vendor in vendors else "reads other files"


def choice_sentence(attribution: Attribution, words: str, analysers: Sequence[Candidate]) -> str:
    """Who wrote the change, which models read it with which lens, and which analysers do."""
    names = " and ".join(one.name for one in analysers)
    is_one = len(analysers) == 1
    also = f"the analyser{'' if is_one else 's'} {names} read{'s' if is_one else ''} it"
    told = ", ".join(filter(None, (words, also if analysers else "")))
    author = attribution.author
    is_told = author.is_known or author.tool or author.model
    wrote = f"Written by {whole_words(attribution)}" if is_told else "Author unknown"
    return f"{wrote}; {told or 'no reviewer reads it'}."


def _vendor(candidate: Candidate) -> str:
    where = ", on this machine" if candidate.is_local else ""
    return (candidate.vendor or "family unknown") + where


def _lens_words(lenses: Sequence[Lens]) -> str:
    return f"reads it for {' and '.join(lens.value for lens in lenses)}"


_SEE_MODELS = "`xreview-tui models` lists all models and what each one lacks."


class NobodyToAskError(ReviewerError):
    """No model can be asked, which is not a failure."""


def no_author_model(
    vendor: str, candidates: Sequence[Candidate], *, is_by_person: bool = False
) -> NobodyToAskError:
    """Why the author's model can't answer; `vendor` is "" if unknown or if a person wrote it."""
    if is_by_person:
        return NobodyToAskError(
            "A person wrote this change, so there is no author's model to ask.",
            "Press e to ask a model or a colleague.",
        )
    if not vendor:
        return NobodyToAskError(
            "Author unknown, so there is no author's model to ask.",
            "Press d, then w to set the author, or e to ask another model or a colleague.",
        )
    if why := _unusable([one for one in candidates if one.is_model and one.vendor == vendor]):
        message = f"The author's model ({vendor}) can't be asked: {why}."
    else:
        message = f"No model of the author's family ({vendor}) is set up."
    return NobodyToAskError(message, _SEE_MODELS)


def no_third_model(taken: frozenset[str], candidates: Sequence[Candidate]) -> NobodyToAskError:
    """Why no third vendor's model can be asked; `taken` are the families already involved."""
    others = [one for one in candidates if one.is_model and one.vendor and one.vendor not in taken]
    if why := _unusable(others):
        message = f"No third vendor's model can be asked: {why}."
    else:
        message = "No third vendor's model is set up."
    return NobodyToAskError(
        message, f"Your decision stays. Press e, then p to ask a colleague. {_SEE_MODELS}"
    )


def _unusable(candidates: Sequence[Candidate]) -> str:
    unusable = [one for one in candidates if not one.is_usable]
    return "; ".join(f"{visible(one.name)}: {one.why_not}" for one in unusable[:3])
