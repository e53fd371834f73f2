"""Choosing who reads a change: models of another family than its author's, with the right lens.

Pure: the candidates are data. A reviewer of the author's own family reads only where it was asked
for by name, and is marked then. Files of different families are parts of their own, each read by
an opponent of its author. The analysers are of no family and always read all of it.

Without names the order is: an opponent over an API, a coding agent, a model on this machine; of
two of a kind the first. A model whose family nobody knows comes after those whose family is known.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from xreview.domain.authorship.author import PERSON, Attribution, Author
from xreview.domain.authorship.weighing import REAL_SHARE
from xreview.domain.errors import ReviewerError, UsageError
from xreview.domain.report import Lens, ReviewerKind
from xreview.review.choosing.author_words import author_words

BOTH_LENSES = (Lens.RISK, Lens.ECONOMY)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewer that could read.

    Args:
        name: its name in the configuration.
        vendor: its model's family, "" for an analyser or where nobody knows.
        is_usable: whether it can be asked now; `why_not` is the reason, in a few words, if not.
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
        """Whether a model reads, and its family matters."""
        return self.kind is not ReviewerKind.ANALYSER


@dataclass(frozen=True, slots=True)
class Assignment:
    """A candidate reads with one lens.

    Args:
        lens: None for an analyser, which has its own.
        paths: the files it reads; None for all of them.
        is_same_family: whether it is of the family that wrote some of them, and was asked for.
    """

    candidate: Candidate
    lens: Lens | None = None
    paths: frozenset[str] | None = None
    is_same_family: bool = False


@dataclass(frozen=True)
class ReaderChoice:
    """Who reads.

    Args:
        assignments: models first, then the analysers.
        sentence: who reads and why, for the header's details, the journal and standard error.
    """

    assignments: tuple[Assignment, ...]
    sentence: str

    @property
    def same_family(self) -> tuple[str, ...]:
        """The names of the reviewers that are of the author's own family."""
        named = (one.candidate.name for one in self.assignments if one.is_same_family)
        return tuple(dict.fromkeys(named))

    @property
    def reviewers(self) -> tuple[str, ...]:
        """The names of all who read, each once."""
        return tuple(dict.fromkeys(one.candidate.name for one in self.assignments))


def asks_for_author(candidates: Iterable[Candidate]) -> bool:
    """Whether it matters who wrote the change: only where a model could read it."""
    return any(one.is_model and one.is_usable for one in candidates)


def lenses_against(author: Author) -> tuple[Lens, ...]:
    """What the author's family tends to miss, the first thing first.

    GPT leaves risks in clean-looking code, Claude over-builds; Gemini Flash stays at the surface
    and Pro over-builds, so both are asked for, in that order. Nothing is known of the others.
    """
    if author.vendor == "openai":
        return (Lens.RISK,)
    if author.vendor == "anthropic":
        return (Lens.ECONOMY,)
    if author.vendor == "google" and "pro" in author.model.lower():
        return (Lens.ECONOMY, Lens.RISK)
    return BOTH_LENSES


def choose(
    attribution: Attribution,
    candidates: Sequence[Candidate],
    wanted: Collection[str] = (),
    paths: Collection[str] = (),
) -> ReaderChoice:
    """Who reads a change that was attributed so.

    Args:
        candidates: everyone there is, in the order of preference within a kind.
        wanted: names that were asked for; models among them read whatever their family, and where
            analysers are named only those read. Empty for the usual choice.
        paths: the files of the change.

    Raises UsageError where a name is none of the candidates', ReviewerError where it can't be used.
    """
    named = [_named(name, candidates) for name in wanted]
    analysers = [one for one in named if not one.is_model] or [
        one for one in candidates if not one.is_model and one.is_usable
    ]
    models = [one for one in named if one.is_model]
    parts = _parts(attribution, paths)
    if models:
        assignments, words = _as_asked(models, parts)
    else:
        assignments, words = _opposing(candidates, parts)
    return ReaderChoice(
        (*assignments, *(Assignment(one) for one in analysers)),
        _sentence(attribution, words, analysers),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Files of the same author, or all of the change (`paths` None)."""

    author: Author
    vendors: frozenset[str]
    paths: frozenset[str] | None


def _named(name: str, candidates: Sequence[Candidate]) -> Candidate:
    found = next((one for one in candidates if one.name == name), None)
    if found is None:
        there = ", ".join(one.name for one in candidates)
        raise UsageError(f"There is no reviewer called “{name}”.", f"Use one of: {there}.")
    if not found.is_usable:
        raise ReviewerError(
            f"The reviewer {name} can't be used: {found.why_not or 'it is not available'}.",
            "Mend that, or leave it out of `reviewers`.",
        )
    return found


def _parts(attribution: Attribution, paths: Collection[str]) -> list[_Part]:
    """The change by author; one part where it is one author's. A silent file is the author's of
    the change, where that is one."""
    whole = attribution.author
    groups: dict[tuple[frozenset[str], Author], set[str]] = {}
    for path in paths:
        author = attribution.by_path.get(path)
        if author is None or not author.vendor:
            author = Author() if whole.is_mixed else whole
        vendors = _vendors(attribution, author, path)
        like = Author(vendor=author.vendor, model=author.model if author.vendor == "google" else "")
        groups.setdefault((vendors, like), set()).add(path)
    if len({vendors for vendors, _ in groups}) <= 1 and not whole.is_mixed:
        vendors, like = next(iter(groups), (frozenset({whole.vendor} - {""}), whole))
        return [_Part(whole if whole.vendor else like, vendors, None)]
    return [_Part(author, vendors, frozenset(own)) for (vendors, author), own in groups.items()]


def _vendors(attribution: Attribution, author: Author, path: str) -> frozenset[str]:
    if not author.is_mixed:
        return frozenset({author.vendor} - {""})
    shares = attribution.shares_by_path.get(path, attribution.shares)
    own = {share.vendor: share.part for share in shares if share.vendor not in ("", PERSON)}
    return frozenset(
        vendor for vendor, part in own.items() if part >= REAL_SHARE * sum(own.values())
    )


def _as_asked(models: Sequence[Candidate], parts: Sequence[_Part]) -> tuple[list[Assignment], str]:
    """Everyone who was named reads all of it."""
    assignments: list[Assignment] = []
    wrote = frozenset(vendor for part in parts for vendor in part.vendors)
    lenses = _lenses(parts)
    for model in models:
        same = model.vendor in wrote
        assignments += [Assignment(model, lens, None, same) for lens in lenses]
    marked = [
        f"{model.name} ({_vendor(model)}, the author's own family)"
        if model.vendor in wrote
        else f"{model.name} ({_vendor(model)})"
        for model in models
    ]
    return assignments, f"{' and '.join(marked)}, as asked for, {_lens_words(lenses)}"


def _lenses(parts: Sequence[_Part]) -> tuple[Lens, ...]:
    return tuple(dict.fromkeys(lens for part in parts for lens in lenses_against(part.author)))


def _opposing(
    candidates: Sequence[Candidate], parts: Sequence[_Part]
) -> tuple[list[Assignment], str]:
    """An opponent for each part; one for all parts where one opposes all their authors."""
    usable = sorted((one for one in candidates if one.is_model and one.is_usable), key=_preference)
    wrote = frozenset(vendor for part in parts for vendor in part.vendors)
    of_all = next((one for one in usable if _opposes(one, wrote)), None)
    reading: dict[tuple[Candidate, Lens], frozenset[str] | None] = {}
    unread: set[str] = set()
    for part in parts:
        readers = [of_all] if of_all else _readers(usable, part.vendors)
        if not readers:
            unread |= part.vendors
        for key in ((reader, lens) for reader in readers for lens in lenses_against(part.author)):
            before = reading.get(key, frozenset())
            if before is None or part.paths is None:
                reading[key] = None
            else:
                reading[key] = before | part.paths
    assignments = [Assignment(reader, lens, paths) for (reader, lens), paths in reading.items()]
    return assignments, _why(candidates, assignments, wrote, unread)


def _preference(candidate: Candidate) -> tuple[bool, int]:
    is_agent = candidate.kind is ReviewerKind.AGENT
    return not candidate.vendor, 2 if candidate.is_local else 1 if is_agent else 0


def _opposes(candidate: Candidate, vendors: Collection[str]) -> bool:
    return candidate.vendor not in vendors


def _readers(usable: Sequence[Candidate], vendors: Collection[str]) -> list[Candidate]:
    """The opponents of each of several vendors who wrote the same file."""
    found = (next((one for one in usable if _opposes(one, {name})), None) for name in vendors)
    return list(dict.fromkeys(one for one in found if one is not None))


# words


def _why(
    candidates: Sequence[Candidate],
    assignments: Sequence[Assignment],
    wrote: Collection[str],
    unread: Collection[str],
) -> str:
    readers: dict[Candidate, list[Lens]] = {}
    for one in assignments:
        if one.lens and one.lens not in (lenses := readers.setdefault(one.candidate, [])):
            lenses.append(one.lens)
    said = [f"{one.name} ({_vendor(one)}) {_lens_words(lenses)}" for one, lenses in readers.items()]
    if said and not wrote:
        said[-1] += ", whatever its family, since the author's is not known"
    if len(readers) > 1:
        said[-1] += "; each reads what the other's family wrote"
    models = [one for one in candidates if one.is_model]
    if models and (unread or not readers):
        reasons = "; ".join(f"{one.name}: {_why_not(one, unread)}" for one in models)
        family = f" of another family than {' and '.join(sorted(unread))}" if unread else ""
        said.append(f"no model{family} can be asked ({reasons})")
    return ", ".join(said)


def _why_not(candidate: Candidate, vendors: Collection[str]) -> str:
    if not candidate.is_usable:
        return candidate.why_not or "not available"
    return "the author's own family" if candidate.vendor in vendors else "reads other files"


def _sentence(attribution: Attribution, words: str, analysers: Sequence[Candidate]) -> str:
    """Who wrote it, who reads it for what, and that analysers do too."""
    names = " and ".join(one.name for one in analysers)
    also = f"{names} read{'s' if len(analysers) == 1 else ''} it as analysers, of no family"
    told = ", ".join(filter(None, (words, also if analysers else "")))
    author = attribution.author
    is_told = author.is_known or author.tool or author.model
    wrote = f"Written by {author_words(author)}" if is_told else "Nothing tells who wrote it"
    return f"{wrote}; {told or 'nobody reads it'}."


def _vendor(candidate: Candidate) -> str:
    where = ", on this machine" if candidate.is_local else ""
    return (candidate.vendor or "family unknown") + where


def _lens_words(lenses: Sequence[Lens]) -> str:
    return f"reads it for {' and '.join(lens.value for lens in lenses)}"
