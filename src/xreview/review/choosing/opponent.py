"""Chooses who reads a change: models of another family than the author's, with the right lens.

A model of the author's own family reads only if you name it, and is marked. Files by different
families are read separately, each by an opponent of its author. Analysers read everything. By
default an API model is preferred to a coding agent, and that to a model on this machine; models of
an unknown family come last.
"""

from collections.abc import Collection, Iterable, Sequence

from xreview.domain.authorship.author import PERSON, Attribution, Author
from xreview.domain.authorship.weighing import REAL_SHARE
from xreview.domain.errors import ReviewerError, UsageError
from xreview.domain.record import dataclass
from xreview.domain.report import Lens, ReviewerKind
from xreview.review.choosing.choice import (
    Assignment,
    Candidate,
    ReaderChoice,
    choice_sentence,
    named_words,
    opponent_words,
)
from xreview.review.choosing.planned_readers import planned_readers, tier_sentence
from xreview.review.choosing.reading_plan import ReadingPlan

BOTH_LENSES = (Lens.RISK, Lens.ECONOMY)


def asks_for_author(candidates: Iterable[Candidate]) -> bool:
    """Whether the author matters: only if a model can read the change."""
    return any(one.is_model and one.is_usable for one in candidates)


def lenses_against(author: Author) -> tuple[Lens, ...]:
    """What the author's family tends to miss, the most likely first.

    GPT leaves risks in clean-looking code; Claude and Gemini Pro over-build. For other families,
    this is unknown.
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
    plan: ReadingPlan | None = None,
) -> ReaderChoice:
    """Choose who reads a change of this author.

    Args:
        candidates: all reviewers, the preferred ones of a kind first.
        wanted: names; a named model reads even its own family's code, and if analysers are named,
            only these read. Empty for the default choice.
        plan: how closely they read; None if that isn't known.

    Raises UsageError for an unknown name, ReviewerError for a reviewer that can't be used.
    """
    named = [_named(name, candidates) for name in wanted]
    analysers = [one for one in named if not one.is_model] or [
        one for one in candidates if not one.is_model and one.is_usable
    ]
    models = [one for one in named if one.is_model]
    parts = _parts(attribution, paths)
    plan = plan or ReadingPlan()
    if models:
        assignments = _named_assignments(models, parts)
        assignments = planned_readers(assignments, plan, paths, is_named=True)
        lenses = [one.lens for one in assignments if one.lens]
        words = named_words(models, _vendors_of(parts), tuple(dict.fromkeys(lenses)))
    else:
        assignments, unread = _opposing(candidates, parts)
        assignments = planned_readers(assignments, plan, paths)
        words = opponent_words(
            candidates,
            assignments,
            _vendors_of(parts),
            unread,
            is_by_person=attribution.author.is_person,
        )
    told = choice_sentence(attribution, words, analysers)
    why = tier_sentence(assignments, plan, is_named=bool(models))
    return ReaderChoice(
        (*assignments, *(Assignment(one) for one in analysers)),
        f"{told} {why}" if why else told,
        frozenset(one.vendor for one in candidates if one.is_model and one.is_usable) - {""},
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
        raise UsageError(f"Unknown reviewer “{name}”.", f"Use one of: {there}.")
    if not found.is_usable:
        raise ReviewerError(
            f"The reviewer {name} can't be used: {found.why_not or 'it is not available'}.",
            "Fix that, or remove it from `reviewers`.",
        )
    return found


def _parts(attribution: Attribution, paths: Collection[str]) -> list[_Part]:
    """The change by author. A file without a known author counts as the change's author's, if
    that is a single one."""
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


def _named_assignments(models: Sequence[Candidate], parts: Sequence[_Part]) -> list[Assignment]:
    """Each named model reads everything."""
    wrote = _vendors_of(parts)
    return [
        Assignment(model, lens, None, model.vendor in wrote)
        for model in models
        for lens in _lenses(parts)
    ]


def _vendors_of(parts: Sequence[_Part]) -> frozenset[str]:
    return frozenset(vendor for part in parts for vendor in part.vendors)


def _lenses(parts: Sequence[_Part]) -> tuple[Lens, ...]:
    return tuple(dict.fromkeys(lens for part in parts for lens in lenses_against(part.author)))


def _opposing(
    candidates: Sequence[Candidate], parts: Sequence[_Part]
) -> tuple[list[Assignment], frozenset[str]]:
    """An opponent for each part, or one for all authors, and the families without one."""
    usable = sorted((one for one in candidates if one.is_model and one.is_usable), key=_preference)
    wrote = _vendors_of(parts)
    of_all = next((one for one in usable if one.vendor not in wrote), None)
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
    return assignments, frozenset(unread)


def _preference(candidate: Candidate) -> tuple[bool, int]:
    is_agent = candidate.kind is ReviewerKind.AGENT
    return not candidate.vendor, 2 if candidate.is_local else 1 if is_agent else 0


def _readers(usable: Sequence[Candidate], vendors: Collection[str]) -> list[Candidate]:
    """An opponent for each vendor of the same file."""
    found = (next((one for one in usable if one.vendor != name), None) for name in vendors)
    return list(dict.fromkeys(one for one in found if one is not None))
