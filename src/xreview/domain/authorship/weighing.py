"""Weighing evidence by trust and by changed lines, to find the author.

The lines of each file in each commit are divided among the evidence about it (`author_claims`), and
their writer is the author of the file or the whole change. If models of two vendors each wrote a
real share (`REAL_SHARE` of the lines with a known vendor), it is `mixed`. Lines without evidence
stay unknown and never count as a person's. A pull request or a branch name counts only if nothing
else names a vendor.

A commit's lines are those it added, even if a later commit of the same change rewrote them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from xreview.domain.authorship.author import (
    MIXED,
    PERSON,
    UNKNOWN_AUTHOR,
    Attribution,
    Author,
    Evidence,
    EvidenceKind,
    VendorShare,
)
from xreview.domain.authorship.author_claims import OF_BRANCH, TRUST, Clash, LineClaims, claim
from xreview.domain.authorship.evidence_sentences import clash_sentences, sentences
from xreview.domain.report import Confidence

REAL_SHARE = 0.10
"""The share of lines with a known vendor that makes a vendor one of the authors."""

_OF_WHOLE = (EvidenceKind.ANSWER, *OF_BRANCH)
_ENOUGH_TOLD = 0.5
"""If the vendor of fewer lines is known, another can have written the rest."""

ChangedLines = Mapping[str, Mapping[str, int]]
"""Added lines by commit ("" for uncommitted changes) and by path."""


def weigh(
    evidence: Iterable[Evidence], changed_lines: ChangedLines, files: Collection[str]
) -> Attribution:
    """Who wrote a change.

    Args:
        evidence: in any order. Answers, pull requests and branch names are about the whole change,
            all other evidence about its commit or about uncommitted changes.
        changed_lines: how many lines each commit adds to each file, with or without evidence:
            lines without it lower the confidence.
        files: the paths of the change; changes to others don't count, unless all are to others
            (renamed since).

    An answer that names nobody makes the author unknown. The caller adds `notices`.
    """
    traces = sorted(set(evidence), key=_by_trust)
    if any(trace.kind is EvidenceKind.ANSWER and not trace.who for trace in traces):
        return Attribution(evidence=tuple(traces))
    by_path, clashes = _claims(_telling(traces), _within(changed_lines, files))
    whole = LineClaims()
    for claims in by_path.values():
        whole.add(claims)
    authors = {
        path: author
        for path, claims in by_path.items()
        if (author := _author(claims)) != UNKNOWN_AUTHOR
    }
    return Attribution(
        _author(whole, sentences(traces)),
        authors,
        tuple(traces),
        clash_sentences(clashes),
        shares=_shares(whole),
        shares_by_path={path: _shares(by_path[path]) for path in authors},
    )


def _by_trust(trace: Evidence) -> tuple[object, ...]:
    place, sure = TRUST[trace.kind], -trace.confidence.value
    who = (not trace.model, trace.vendor, trace.model, trace.tool)
    spans = tuple((lines.path, lines.ranges) for lines in trace.lines)
    return place, sure, *who, trace.kind.value, trace.commit, trace.at, trace.pointer, spans


def _telling(traces: list[Evidence]) -> list[Evidence]:
    """The evidence that counts: that of a branch only without a vendor in other evidence."""
    if any(trace.vendor and trace.kind not in OF_BRANCH for trace in traces):
        return [trace for trace in traces if trace.kind not in OF_BRANCH]
    return traces


def _within(changed_lines: ChangedLines, files: Collection[str]) -> ChangedLines:
    kept = {
        commit: {path: lines for path, lines in paths.items() if path in files}
        for commit, paths in changed_lines.items()
    }
    return kept if any(kept.values()) else changed_lines


def _claims(
    traces: list[Evidence], changed_lines: ChangedLines
) -> tuple[dict[str, LineClaims], set[Clash]]:
    by_path: dict[str, LineClaims] = {}
    clashes: set[Clash] = set()
    of_all = [t for t in traces if t.kind in _OF_WHOLE]
    by_commit: dict[str, list[Evidence]] = {}
    for trace in traces:
        if trace.kind not in _OF_WHOLE:
            by_commit.setdefault(trace.commit, []).append(trace)
    for commit, paths in sorted(changed_lines.items()):
        own = sorted([*of_all, *by_commit.get(commit, ())], key=_by_trust)
        naming = [trace for trace in own if trace.vendor]
        about = _by_file(own)
        everywhere = [place for place, trace in enumerate(own) if not trace.lines]
        # Most files have no evidence of their own: they are all divided alike.
        alike, found = claim("", 1, [own[place] for place in everywhere], naming)
        for path, lines in sorted(paths.items()):
            if path in about:
                speaking = sorted({*everywhere, *about[path]})
                made, clashing = claim(path, lines, [own[place] for place in speaking], naming)
                clashes |= {clash._replace(commit=commit) for clash in clashing}
            else:
                made = alike.times(max(1, lines))
                clashes |= {clash._replace(commit=commit) for clash in found}
            by_path.setdefault(path, LineClaims()).add(made)
    return by_path, clashes


def _by_file(traces: list[Evidence]) -> dict[str, list[int]]:
    """The indexes of the evidence that names files, by file."""
    about: dict[str, list[int]] = {}
    for place, trace in enumerate(traces):
        for lines in trace.lines:
            about.setdefault(lines.path, []).append(place)
    return about


def _author(claims: LineClaims, evidence: tuple[str, ...] = ()) -> Author:
    by_vendor = _lines_by_vendor(claims)
    by_vendor.pop(PERSON, None)  # people's lines don't change the models' family
    told = sum(by_vendor.values())
    if not told:
        return _tool_only(claims, evidence)
    real = [vendor for vendor, lines in by_vendor.items() if lines >= REAL_SHARE * told]
    confidence = _confidence(claims, set(by_vendor))
    if len(real) != 1:
        return Author(vendor=MIXED, evidence=evidence, confidence=confidence)
    tool, model = _names(claims, real[0])
    return Author(tool, real[0], model, evidence, confidence)


def _tool_only(claims: LineClaims, evidence: tuple[str, ...]) -> Author:
    """A tool that runs models of any vendor: it doesn't name the author, but is evidence."""
    tool, model = _names(claims, "")
    if not tool and not model:
        return Author(evidence=evidence)
    return Author(tool, "", model, evidence, _confidence(claims, {""}))


def _lines_by_vendor(claims: LineClaims) -> dict[str, float]:
    """Lines by vendor, and those of people."""
    return _sums((writer.who, lines) for writer, lines in claims.taken.items())


def _names(claims: LineClaims, vendor: str) -> tuple[str, str]:
    """The tool, and the model, that wrote the most of a vendor's lines."""
    own = [item for item in claims.taken.items() if item[0].vendor == vendor]
    tools = _sums((writer.tool, lines) for writer, lines in own)
    models = _sums((writer.model, lines) for writer, lines in own)
    return _most(tools), _most(models)


def _sums(named: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The lines of each name, without empty names and names without lines."""
    lines: defaultdict[str, float] = defaultdict(float)
    for name, taken in named:
        lines[name] += taken
    return {name: taken for name, taken in lines.items() if name and taken > 0}


def _most(lines: Mapping[str, float]) -> str:
    return max(lines, key=lambda name: (lines[name], name), default="")


def _confidence(claims: LineClaims, vendors: Collection[str]) -> Confidence:
    """The confidence of at least half of the lines; one step less for each doubt."""
    sure = [(writer, lines) for writer, lines in claims.taken.items() if writer.vendor in vendors]
    total = sum(lines for _, lines in sure)
    told = sum(
        lines
        for writer, lines in claims.taken.items()
        if writer.vendor in vendors or writer.who == PERSON
    )
    level = max(
        level
        for level in Confidence
        if sum(lines for writer, lines in sure if writer.confidence >= level) * 2 >= total
    )
    reasons = (claims.disputed >= REAL_SHARE * claims.lines) + (told < _ENOUGH_TOLD * claims.lines)
    return Confidence(max(level - reasons, Confidence.LOW))


def _shares(claims: LineClaims) -> tuple[VendorShare, ...]:
    by_vendor = _lines_by_vendor(claims)
    if not claims.lines:
        return ()
    # Divided lines may miss a sum of 1 by rounding.
    parts = {vendor: min(1.0, lines / claims.lines) for vendor, lines in by_vendor.items()}
    if (rest := 1 - sum(parts.values())) > 1e-9:
        parts[""] = rest
    return tuple(
        VendorShare(vendor, part)
        for vendor, part in sorted(parts.items(), key=lambda item: (-item[1], item[0]))
    )
