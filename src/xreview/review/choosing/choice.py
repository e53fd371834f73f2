"""A choice of reviewers: candidates, their assignments, and the sentence that explains it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from xreview.domain.authorship.author import Attribution
from xreview.domain.report import Lens, ReviewerKind
from xreview.review.choosing.author_words import author_words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewer to choose from.

    Args:
        name: its name in the configuration.
        vendor: its model's family; "" for an analyser or where unknown.
        is_usable: whether it can be asked now; `why_not` is a short reason if not.
        is_local: whether it runs on this machine.
    """

    name: str
    vendor: str
    kind: ReviewerKind
    is_usable: bool = True
    why_not: str = ""
    is_local: bool = False

    @property
    def is_model(self) -> bool:
        """Whether it is a model, so that its family matters."""
        return self.kind is not ReviewerKind.ANALYSER


@dataclass(frozen=True, slots=True)
class Assignment:
    """A candidate that reads with one lens.

    Args:
        lens: None for an analyser, which has its own.
        paths: the files it reads; None for all.
        is_same_family: whether its own family wrote some of them, and it was named.
    """

    candidate: Candidate
    lens: Lens | None = None
    paths: frozenset[str] | None = None
    is_same_family: bool = False


@dataclass(frozen=True)
class ReaderChoice:
    """Who reads a change.

    Args:
        assignments: models first, then the analysers.
        sentence: who reads and why, for the user.
    """

    assignments: tuple[Assignment, ...]
    sentence: str

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
    """Which models read because they were named.

    Args:
        wrote: the families that wrote the change.
    """
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
) -> str:
    """Which models read because they oppose the author, and why others don't.

    Args:
        wrote: the families that wrote the change; unread: those without an opponent.
    """
    readers: dict[Candidate, list[Lens]] = {}
    for one in assignments:
        if one.lens and one.lens not in (lenses := readers.setdefault(one.candidate, [])):
            lenses.append(one.lens)
    clauses = [
        f"{one.name} ({_vendor(one)}) {_lens_words(lenses)}" for one, lenses in readers.items()
    ]
    if clauses and not wrote:
        clauses[-1] += ", whatever its family, since the author's is unknown"
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
    """Who wrote the change, which models read it for what, and which analysers do."""
    names = " and ".join(one.name for one in analysers)
    is_one = len(analysers) == 1
    also = f"the analyser{'' if is_one else 's'} {names} read{'s' if is_one else ''} it"
    told = ", ".join(filter(None, (words, also if analysers else "")))
    author = attribution.author
    is_told = author.is_known or author.tool or author.model
    wrote = f"Written by {author_words(author)}" if is_told else "Author unknown"
    return f"{wrote}; {told or 'no reviewer reads it'}."


def _vendor(candidate: Candidate) -> str:
    where = ", on this machine" if candidate.is_local else ""
    return (candidate.vendor or "family unknown") + where


def _lens_words(lenses: Sequence[Lens]) -> str:
    return f"reads it for {' and '.join(lens.value for lens in lenses)}"
