"""The answer of a model that verifies fixes: its schema, and reading it.

Verdicts are read as they arrive, under the name “findings” as in all answers; the lists beside them
are read from the whole text at the end.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from xreview.domain.change import Side
from xreview.domain.fixing.deciding import Clearance
from xreview.domain.identity.claim import claim_key_of
from xreview.domain.record import dataclass
from xreview.domain.report import Category, Confidence, Report, ReviewerIdentity, Severity
from xreview.ports.reviewer import RawReport
from xreview.review.prompt.own import NO_OWN_PROMPTS, OwnPrompts
from xreview.review.prompt.template import Template
from xreview.review.rebut.question import Quoted, statement_about
from xreview.review.reply.check import Checker, StatedFinding
from xreview.review.reply.fields import Fields
from xreview.review.reply.quote import ShownCode
from xreview.review.reply.schema import FIELDS, SCHEMA_NAME, object_schema, text_schema, word_schema

MOST_NEW = 20
"""New problems that are read from one answer."""

_MOST_PATHS = 2_000
_CLEARANCES = {one.value: one for one in Clearance}
_SEVERITIES = {one.word: one for one in Severity}
_LINE = {"type": "integer", "description": "The number of the first quoted line, 1 or more."}

VERDICT_SCHEMA: Mapping[str, Any] = object_schema(
    findings={
        "type": "array",
        "items": object_schema(
            fingerprint=text_schema("The problem's, as given."),
            path=text_schema("The file of the quote."),
            line=_LINE,
            quote=text_schema("1 to 6 whole lines of the code after the change, verbatim."),
            why=text_schema("What this code says about the problem, in one or two sentences."),
            state=word_schema(_CLEARANCES, "Whether the problem is gone."),
        ),
    },
    new_findings={
        "type": "array",
        "items": object_schema(
            path=FIELDS["path"],
            line=_LINE,
            quote=text_schema("1 to 6 whole lines of the code after the change, verbatim."),
            claim=text_schema("What is wrong, in one or two sentences; the first is a title."),
            severity=FIELDS["severity"],
        ),
    },
    reviewed_paths={"type": "array", "items": text_schema("A file that you have read.")},
)


def verify_template(own: OwnPrompts = NO_OWN_PROMPTS) -> Template:
    """The template of the question to a verifier."""
    return own.question("verify", VERDICT_SCHEMA)


@dataclass(frozen=True, slots=True)
class StatedVerdict(StatedFinding):
    """A valid verdict; its report holds the quote and, as its claim, the reason."""

    subject: Report
    clearance: Clearance


@dataclass(frozen=True, slots=True)
class VerdictChecker(Checker):
    """Checks verdicts about `subjects`, the reports by fingerprint."""

    subjects: Mapping[str, Report]

    def check(
        self, found: Mapping[str, Any], place: str = "findings[0]"
    ) -> StatedVerdict | list[str]:
        """The verdict, or sentences that say what is wrong at which place."""
        fields = Fields(found, place)
        name = fields.text("fingerprint").strip()
        if not fields.errors and name not in self.subjects:
            fields.refuse("fingerprint", "isn't one of those given")
        clearance = fields.word("state", _CLEARANCES)
        path = self.shown.path_of(fields.text("path"))
        line = fields.whole("line")
        # Where nothing can be told, there may be nothing to quote.
        is_open = clearance is Clearance.CANNOT_TELL
        said = fields.text("quote", may_be_blank=is_open)
        if said.strip() and not any(map(str.isalnum, said)):
            fields.refuse("quote", "holds punctuation only; quote the lines that decide it")
        why = fields.text("why")
        if fields.errors:
            return fields.errors
        subject = self.subjects[name]
        quoted = Quoted(path, Side.NEW, line, self.shown.verbatim(said, path, Side.NEW))
        key = f"{name}/{clearance.value}"
        statement = statement_about(subject, self.reviewer, quoted, why, "", key)
        return StatedVerdict(statement, subject, clearance)


@dataclass(frozen=True, slots=True)
class BesideVerdicts:
    """What an answer says beside its verdicts; new problems are not yet grounded in the code."""

    new: tuple[RawReport, ...] = ()
    reviewed: frozenset[str] = frozenset()
    malformed: int = 0


def read_beside(
    texts: Iterable[str], reviewer: ReviewerIdentity, shown: ShownCode
) -> BesideVerdicts:
    """The new problems and the files read, from the texts of an answer and of its repair."""
    new: list[RawReport] = []
    reviewed: set[str] = set()
    malformed = 0
    for text in texts:
        whole = _object_in(text)
        for index, one in enumerate(_list(whole, "new_findings")[:MOST_NEW]):
            checked = _new(one, index, reviewer, shown)
            malformed += checked is None
            new += [checked] if checked else []
        paths = _list(whole, "reviewed_paths")[:_MOST_PATHS]
        reviewed.update(shown.path_of(one) for one in paths if isinstance(one, str))
    return BesideVerdicts(tuple(new), frozenset(reviewed), malformed)


def _object_in(text: str) -> dict[str, Any]:
    """The JSON object in a text, with whatever is around it."""
    start = text.rfind("{", 0, max(text.find(f'"{SCHEMA_NAME}"'), 0))
    if start < 0:
        return {}
    try:
        value, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(whole: Mapping[str, Any], name: str) -> list[Any]:
    value = whole.get(name)
    return cast("list[Any]", value) if isinstance(value, list) else []


def _new(
    found: object, index: int, reviewer: ReviewerIdentity, shown: ShownCode
) -> RawReport | None:
    if not isinstance(found, dict):
        return None
    fields = Fields(cast("dict[str, Any]", found), f"new_findings[{index}]")
    path = shown.path_of(fields.text("path"))
    line = fields.whole("line")
    quote = shown.verbatim(fields.text("quote"), path, Side.NEW)
    claim = fields.text("claim").strip()
    severity = fields.word("severity", _SEVERITIES)
    if fields.errors:
        return None
    title = claim.partition(". ")[0].partition("\n")[0]
    return RawReport(
        reviewer=reviewer,
        claim_key=claim_key_of(title, claim, Category.EDGE_CASE),
        rule="",
        title=title[:120],
        claim=claim,
        scenario="",
        category=Category.EDGE_CASE,
        severity=severity,
        confidence=Confidence.MEDIUM,
        path=path,
        side=Side.NEW,
        start_line=line,
        end_line=line + quote.count("\n"),
        quote=quote,
    )
