"""The facts of a description, section by section, as Markdown. Nothing here is a guess."""

from collections.abc import Iterator, Sequence

from xreview.domain.account import NO_APPROVAL, Fate
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.briefing.question import HeavyFile
from xreview.domain.briefing.section import BriefSection
from xreview.domain.changed_file import ChangedFile
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.tests import is_test
from xreview.domain.text import all_of, count_of
from xreview.export.document import ExportEntry, ExportSession, Standing
from xreview.export.markdown_text import code_span
from xreview.export.phrases import minute_of
from xreview.review.briefing.basis import BriefBasis
from xreview.review.briefing.decided import accepted_risks, open_points
from xreview.review.briefing.prose import inert_block, inert_line

MOST_FILES = 8
_MOST_SUBJECTS = 10
_MOST_GAPS = 8
_LONGEST_SUBJECT = 200
_LONGEST_BODY = 2_000
_LONGEST_WHY = 300
_NO_REVIEW = "No review of this change is in the journal of this machine."
_NOT_OVER = "The review did not finish, so what was read is unknown."


def brief_title(basis: BriefBasis) -> str:
    """The title, one raw line: the pull request's, else the first commit's, else the files."""
    if basis.title:
        return basis.title
    for message in basis.messages:
        if subject := message.strip().partition("\n")[0].strip():
            return subject
    if not basis.files:
        return basis.document.latest.source.title
    name = _heaviest_first(basis)[0].path.rpartition("/")[2]
    others = len(basis.files) - 1
    more = f" and {count_of(others, 'more file')}" if others else ""
    return f"Change {name}{more}"


def brief_sections(basis: BriefBasis) -> dict[BriefSection, str]:
    """The sections that there is something to say in."""
    texts = {
        BriefSection.WHAT: "\n\n".join(_what(basis)),
        BriefSection.WHY: "\n\n".join(_why(basis)),
        BriefSection.CHECKED: _listed(_checked(basis)),
        BriefSection.RISKS: _listed(accepted_risks(basis)),
        BriefSection.UNREVIEWED: _listed(_unreviewed(basis)),
        BriefSection.LOOK: _listed((*open_points(basis), *map(_heavy, basis.heavy[:MOST_FILES]))),
    }
    return {section: text for section, text in texts.items() if text}


def _listed(rows: Iterator[str] | Sequence[str]) -> str:
    return "\n".join(f"- {row}" for row in rows)


def _what(basis: BriefBasis) -> Iterator[str]:
    subjects = [one.strip().partition("\n")[0] for one in basis.messages if one.strip()]
    if len(subjects) > 1:
        shown = [inert_line(one, _LONGEST_SUBJECT) for one in subjects[:_MOST_SUBJECTS]]
        more = len(subjects) - len(shown)
        shown += [f"and {count_of(more, 'more commit')}"] if more else []
        yield _listed(shown)
    if basis.files:
        added = sum(one.added for one in basis.files)
        removed = sum(one.removed for one in basis.files)
        ordered = _heaviest_first(basis)
        rows = [f"{code_span(one.path)} {_counts(one)}" for one in ordered[:MOST_FILES]]
        more = len(ordered) - len(rows)
        rows += [f"and {count_of(more, 'more file')}"] if more else []
        lines = f"{count_of(added, 'line')} added, {removed:,} removed"
        yield f"{count_of(len(basis.files), 'file')}, {lines}:\n\n{_listed(rows)}"


def _heaviest_first(basis: BriefBasis) -> list[ChangedFile]:
    """The files, those that matter most first, and the larger ones before the smaller."""
    levels = {one.path: one.level for one in basis.heavy}
    return sorted(
        basis.files, key=lambda one: (-levels.get(one.path, 0), -(one.added + one.removed))
    )


def _counts(file: ChangedFile) -> str:
    return f"({file.status.word}, +{file.added:,} −{file.removed:,})"


def _why(basis: BriefBasis) -> Iterator[str]:
    left = _LONGEST_BODY
    for message in basis.messages:
        _, _, body = message.strip().partition("\n")
        if body.strip() and left > 0:
            yield inert_block(body, left)
            left -= len(body)
    for path, said in basis.answers_on_files:
        yield f"{code_span(path)}: {inert_block(said, _LONGEST_BODY)}"


def _checked(basis: BriefBasis) -> Iterator[str]:
    session, entries = basis.document.latest, basis.document.entries
    if session.id:
        yield _reviewers(session)
        if session.account.entries:
            yield f"{session.account.words.partition(';')[0]} by at least one of them."
        if counted := [one for one in entries if one.finding.is_anchored]:
            yield _counted(counted)
        accepted = [one for one in counted if one.standing is Standing.ACCEPTED]
        if done := [one for one in accepted if one.is_fixed or one.is_gone]:
            yield (
                f"{len(done):,} of {count_of(len(accepted), 'accepted finding')} fixed, "
                "and verified by a fresh look at the code."
            )
    for said in basis.checks:
        yield f"Checks around the fixes: {inert_line(said, _LONGEST_WHY)}"
    if tests := [one.path for one in basis.files if is_test(one.path)]:
        named = ", ".join(map(code_span, tests[:3]))
        more = f" and {len(tests) - 3:,} more" if len(tests) > 3 else ""
        yield f"The change touches tests: {named}{more}."


def _reviewers(session: ExportSession) -> str:
    models = [one for one in session.reviewers if one.is_model]
    analysers = [one for one in session.reviewers if one.kind is ReviewerKind.ANALYSER]
    people = [one for one in session.reviewers if one.kind is ReviewerKind.PERSON]
    parts = [_model(session, one) for one in models]
    parts += [inert_line(one.name, _LONGEST_WHY) for one in people]
    if analysers:
        names = " and ".join(code_span(one.name) for one in analysers)
        word = "analyser" if len(analysers) == 1 else "analysers"
        parts.append(f"the {word} {names} (pattern checks, not models)")
    when = f" on {minute_of(session.opened_at)}" if session.opened_at else ""
    written = session.author
    by = ""
    if written.family:
        by = f" The code was written by {inert_line(written.label, _LONGEST_WHY)}."
    return f"Reviewed by {all_of(parts) or 'nobody'}{when}.{by}"


def _model(session: ExportSession, one: ReviewerIdentity) -> str:
    family = inert_line(one.family, _LONGEST_WHY) or "family unknown"
    if session.author.family and one.family:
        is_same = session.is_same_family(one)
        family += ", the family that wrote it" if is_same else ", another family than wrote it"
    return f"{code_span(one.name)} ({family})"


def _counted(entries: Sequence[ExportEntry]) -> str:
    standings = [one.standing for one in entries]
    told = [f"{standings.count(one):,} {one}" for one in Standing if one in standings]
    return f"{count_of(len(entries), 'finding')}: {', '.join(told)}."


def _unreviewed(basis: BriefBasis) -> Iterator[str]:
    session = basis.document.latest
    if not session.id:
        yield _NO_REVIEW
        return
    if not session.is_over:
        yield _NOT_OVER
    if session.is_by_analysers:
        yield NO_APPROVAL
    for who, why in session.failures.items():
        yield f"{code_span(who)} did not finish: {inert_line(why, _LONGEST_WHY)}"
    if later := changed_since(basis):
        yield f"Changed after the review: {_named(later)}."
    yield from _gaps(session)
    left_out = [one.path for one in session.account.entries if one.fate is Fate.LEFT_OUT]
    if left_out:
        yield f"Left out by the settings: {_named(left_out)}."


def _gaps(session: ExportSession) -> Iterator[str]:
    """Yield the files that weren't read, by reason."""
    by_reason: dict[str, dict[str, None]] = {}
    for one in session.account.not_read:
        by_reason.setdefault(one.why, {})[one.path] = None
    reasons = list(by_reason.items())
    for why, paths in reasons[:_MOST_GAPS]:
        named = _named(list(filter(None, paths))) or "A part of the change"
        yield f"{named}: {inert_line(why, _LONGEST_WHY) or 'not read'}"
    if more := len({path for _, paths in reasons[_MOST_GAPS:] for path in paths}):
        yield f"and {count_of(more, 'more file')} not read"


def changed_since(basis: BriefBasis) -> list[str]:
    """The files whose changed lines aren't those that were reviewed, as far as their counts and
    hunks tell."""
    reviewed = {one.path: one for one in basis.document.latest.files}
    return [one.path for one in basis.files if reviewed and reviewed.get(one.path) != one]


def _named(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - 5:,} more" if len(paths) > 5 else ""
    return f"{', '.join(map(code_span, paths[:5]))}{more}"


def _heavy(file: HeavyFile) -> str:
    topics = all_of([inert_line(one, _LONGEST_WHY) for one in file.topics[:3]])
    what = f", which touches {topics}" if topics else ""
    ask = "Decide on" if file.level is AttentionLevel.DECIDE else "Read closely"
    return f"{ask} {code_span(file.path)}{what}."
