"""Evidence and clashes as sentences, in the form that `Attribution` and the journal keep."""

from collections.abc import Iterable, Sequence

from xreview.domain.authorship.author import PERSON, Evidence, EvidenceKind
from xreview.domain.authorship.author_claims import Clash
from xreview.domain.text import count_of

MOST_SENTENCES = 20
"""In an author's evidence; `Attribution.evidence` has all."""

_SHORT_ID = 7
_NAMES = {
    EvidenceKind.ANSWER: "your answer",
    EvidenceKind.ATTEMPT: "attempt",
    EvidenceKind.NOTE: "git note",
    EvidenceKind.SESSION: "local session",
    EvidenceKind.TRACE: "agent trace",
    EvidenceKind.CHECKPOINT: "checkpoint",
    EvidenceKind.TRAILER: "trailer",
    EvidenceKind.IDENTITY: "identity",
    EvidenceKind.PULL: "pull request",
    EvidenceKind.BRANCH: "branch name",
}


def kind_words(kind: EvidenceKind) -> str:
    """A kind of evidence in words."""
    return _NAMES[kind]


def writer_words(evidence: Evidence) -> str:
    """Who the evidence names: vendor and model, or the tool if it names no vendor."""
    if evidence.who == PERSON:
        return PERSON
    named = evidence.model or evidence.tool
    if evidence.vendor:
        return " ".join(filter(None, (evidence.vendor, named)))
    return f"{named}, family unknown" if named else "nobody"


def sentences(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The evidence, most trusted first; what says the same is one sentence.

    "trailer: anthropic Claude Opus 4.8 (Co-Authored-By: …), commit 1a2b3c4 and 2 others".
    """
    groups: dict[tuple[EvidenceKind, str], list[Evidence]] = {}
    for one in evidence:
        groups.setdefault((one.kind, writer_words(one)), []).append(one)
    told = [
        f"{kind_words(kind)}: {who}{_pointer(found[0])}{_commits(one.commit for one in found)}"
        for (kind, who), found in groups.items()
    ]
    if len(told) > MOST_SENTENCES:
        told[MOST_SENTENCES:] = [f"and {len(told) - MOST_SENTENCES} more kinds of evidence"]
    return tuple(told)


def names_attempts(told: Iterable[str]) -> bool:
    """Whether `sentences` told of lines that the user took from an attempt."""
    return any(one.startswith(f"{kind_words(EvidenceKind.ATTEMPT)}: ") for one in told)


def clash_sentences(clashes: Iterable[Clash]) -> tuple[str, ...]:
    """One sentence for all clashes of the same kinds of evidence about the same vendors."""
    groups: dict[Clash, list[str]] = {}
    for clash in sorted(clashes):
        groups.setdefault(clash._replace(commit=""), []).append(clash.commit)
    return tuple(map(_clash_sentence, groups, groups.values()))


def _clash_sentence(clash: Clash, commits: Sequence[str]) -> str:
    first, second = _the(clash.first.kind), _the(clash.second.kind)
    counts = "both count" if clash.both_count else f"{first} counts"
    sentence = f"{first} names {clash.first.who}, {second} {clash.second.who}: {counts}"
    return f"{sentence[:1].upper()}{sentence[1:]}{_commits(commits)}."


def _the(kind: EvidenceKind) -> str:
    return kind_words(kind) if kind is EvidenceKind.ANSWER else f"the {kind_words(kind)}"


def _pointer(evidence: Evidence) -> str:
    return f" ({evidence.pointer})" if evidence.pointer else ""


def _commits(commits: Iterable[str]) -> str:
    """The first commit, and how many others there are; "" if nothing is committed."""
    ids = sorted({commit for commit in commits if commit})
    if not ids:
        return ""
    more = f" and {count_of(len(ids) - 1, 'other')}" if len(ids) > 1 else ""
    return f", commit {ids[0][:_SHORT_ID]}{more}"
