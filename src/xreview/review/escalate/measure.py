"""Asking a model for the test or benchmark that would settle a finding.

The file is for you to read and run; this program never runs it. `measure_file` writes it, or a
skeleton if no model can be asked.
"""

from collections.abc import AsyncGenerator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from xreview.domain.change import Change
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.report import Report
from xreview.ports.reviewer import Asked, ContentReader, Notice, Progress, Usage
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.inquiry import Question
from xreview.review.escalate.positions import positions_in
from xreview.review.prompt.brief import NO_BACKGROUND, Background
from xreview.review.prompt.own import NO_OWN_PROMPTS, OwnPrompts
from xreview.review.prompt.pieces import shown_in
from xreview.review.prompt.template import Template
from xreview.review.rebut.question import (
    QuestionMaker,
    Quoted,
    answer_schema,
    ask_once,
    question_maker,
    statement_about,
)
from xreview.review.reply.check import Checker, StatedFinding
from xreview.review.reply.fields import Fields
from xreview.review.reply.schema import text_schema

LONGEST_CODE = 60_000
"""Characters."""

MEASURE_SCHEMA = answer_schema(
    {
        "settles": text_schema(
            "What it settles, and how to read the result, in one or two sentences."
        ),
        "limits": text_schema("What it doesn't show; empty for nothing."),
        "code": text_schema("The whole file."),
    }
)


@dataclass(frozen=True, slots=True)
class Language:
    """A language for tests.

    `comment` begins a comment to the end of the line. `file_name` has a placeholder `{name}`, and
    `run` has `{file}` for the path.
    """

    name: str
    framework: str
    comment: str
    file_name: str
    run: str


PYTHON = Language("Python", "pytest", "#", "test_{name}.py", "python -m pytest {file}")
_TYPESCRIPT = Language(
    "TypeScript", "the repository's test runner", "//", "{name}.test.ts", "npx vitest run {file}"
)
_JAVASCRIPT = Language("JavaScript", "node:test", "//", "{name}.test.mjs", "node --test {file}")
_C = Language("C", "a main() with assert", "//", "{name}.c", "cc {file} and run it")
_CPP = Language("C++", "a main() with assert", "//", "{name}.cpp", "c++ {file} and run it")
_BY_SUFFIX = {
    ".py": PYTHON,
    ".pyi": PYTHON,
    ".js": _JAVASCRIPT,
    ".mjs": _JAVASCRIPT,
    ".cjs": _JAVASCRIPT,
    ".jsx": _JAVASCRIPT,
    ".ts": _TYPESCRIPT,
    ".tsx": _TYPESCRIPT,
    ".go": Language("Go", "go test", "//", "{name}_test.go", "go test {file}"),
    ".rs": Language(
        "Rust", "cargo test", "//", "{name}.rs", "copy {file} to tests/ and run cargo test"
    ),
    ".rb": Language("Ruby", "minitest", "#", "{name}_test.rb", "ruby {file}"),
    ".java": Language(
        "Java", "JUnit 5", "//", "{name}Test.java", "copy {file} to the tests and run them"
    ),
    ".c": _C,
    ".h": _C,
    ".cpp": _CPP,
    ".cc": _CPP,
    ".sh": Language("shell", "plain sh", "#", "{name}.sh", "sh {file}"),
}


def measure_language(path: str) -> Language | None:
    """The language of a test about a file; None if tests in it aren't usual."""
    return _BY_SUFFIX.get(PurePosixPath(path).suffix.lower())


@dataclass(frozen=True, slots=True)
class Measure:
    """A test or benchmark as a model wrote it, neither checked nor neutralised, with what it
    settles and its limits in the model's words."""

    language: Language
    code: str
    settles: str
    limits: str
    by: str


@dataclass(frozen=True, slots=True)
class StatedMeasure(StatedFinding):
    """A valid file."""

    code: str
    limits: str


@dataclass(frozen=True, slots=True)
class MeasureChecker(Checker):
    """Checks the one file; `subject` is the report it is about."""

    subject: Report

    def check(
        self, found: Mapping[str, Any], place: str = "findings[0]"
    ) -> StatedMeasure | list[str]:
        """The file, or sentences that say what is wrong at which place."""
        fields = Fields(found, place)
        settles = fields.text("settles")
        limits = fields.text("limits", may_be_blank=True)
        code = fields.text("code", longest=LONGEST_CODE)
        if fields.errors:
            return fields.errors
        anchor = self.subject.anchor
        place_of = Quoted(anchor.path, anchor.side, anchor.start_line, anchor.quote)
        statement = statement_about(self.subject, self.reviewer, place_of, settles, "", "measure")
        return StatedMeasure(statement, code, limits.strip())


def measure_template(language: Language, own: OwnPrompts = NO_OWN_PROMPTS) -> Template:
    """The template for a file in that language."""
    words = {"language": language.name, "framework": language.framework}
    return own.question("measure", MEASURE_SCHEMA, words)


def ask_measure(
    finding: Finding,
    change: Change,
    contents: ContentReader,
    answerer: Answerer,
    background: Background = NO_BACKGROUND,
) -> AsyncGenerator[Measure | Progress | Usage | Asked | Notice, None]:
    """Ask for one file and stream it, or a notice that says why none was written.

    The answerer should be of another family than the author's and have tools: a test with wrong
    imports settles nothing. The stream raises ReviewerError if the code isn't available or doesn't
    fit; closing it cancels what runs.
    """
    language = measure_language(finding.anchor.path) or PYTHON
    by = answerer.identity.label

    async def measure(stated: StatedMeasure) -> Measure:
        return Measure(language, stated.code, stated.report.claim, stated.limits, by)

    making = question_maker(
        measure_template(language, answerer.prompts), change, contents, answerer, background
    )
    make = partial(_question, finding)
    return ask_once(making, make, StatedMeasure, measure, "wrote no test")


async def _question(finding: Finding, maker: QuestionMaker) -> Question:
    excerpts, excerpt, sides = maker.excerpts, await maker.code_of(finding), positions_in(finding)
    asked = {
        "claimed": await excerpts.text(sides.report.argument),
        "path": finding.anchor.path,
        "quote": await excerpts.quote(finding.anchor, is_there=finding.lead.anchored),
        "answered": await excerpts.text(sides.answer.argument),
        "would_settle_it": [await excerpts.text(text) for text in sides.settles],
    }
    checker = MeasureChecker(maker.answerer.identity, shown_in([excerpt]), finding.lead)
    return maker.question(excerpt, asked, checker)
