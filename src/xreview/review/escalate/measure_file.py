"""Writing the test file that would settle a finding, for you to read and run.

It is never run here, never executable, and never written into the reviewed checkout, where a test
runner would pick it up. The model's text is neutralised, so that what you read is what runs.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from xreview.domain.errors import UsageError
from xreview.domain.finding import Finding
from xreview.domain.identity.anchor import short_form
from xreview.domain.text import visible, visible_block
from xreview.export import phrases
from xreview.journal.private import private_folder
from xreview.review.escalate.measure import PYTHON, Language, Measure, measure_language
from xreview.review.escalate.positions import NO_ANSWER, positions_in

_RULE = "-" * 70
_TITLE = "A test requested by xreview-tui to settle a code review finding."
_BACKSLASH = "\N{BIG REVERSE SOLIDUS}"
_MOST_FILES = 100
_NAME = re.compile(r"[^0-9a-z]+")


def rendered_test(measure: Measure, finding: Finding) -> str:
    """The model's file below a header that says what it settles and who wrote it; neutral text."""
    rows = [
        f"Written by {measure.by}, not run or checked: read it before you run it.",
        *_about(finding),
        f"What it settles: {measure.settles}",
    ]
    if measure.limits:
        rows.append(f"What it doesn't show: {measure.limits}")
    header = _commented(measure.language, rows)
    return f"{header}\n\n{visible_block(measure.code).strip()}\n"


def skeleton(finding: Finding) -> str:
    """A file without a test that lists what would settle the finding; neutral text.

    For Python it is a skipped pytest test, for other languages comments only.
    """
    language = _language(finding)
    settles = positions_in(finding).settles
    told = [f"- {text}" for text in settles] or ["- No suggestions."]
    rows = [
        "A skeleton that checks nothing yet: no model wrote this test.",
        *_about(finding),
        "What would settle it:",
        *told,
    ]
    header = _commented(language, rows)
    if language is not PYTHON:
        return f"{header}\n\n{language.comment} Write the test here. {_how(language)}\n"
    return (
        f"{header}\n\nimport pytest\n\n\n"
        '@pytest.mark.skip(reason="a skeleton: write the test that settles it")\n'
        "def test_what_was_claimed() -> None:\n"
        '    raise NotImplementedError("what settles it is in the comment above")\n'
    )


def _about(finding: Finding) -> Iterator[str]:
    lead, sides = finding.lead, positions_in(finding)
    yield f"About: {lead.title}"
    yield f"At: {phrases.place(lead.anchor)}{phrases.side_note(lead.anchor)}"
    yield f"Claimed: {lead.claim}"
    if sides.answer.argument != NO_ANSWER:
        yield f"Answered: {sides.answer.argument}"
    yield f"Finding: {finding.fingerprint}"


def _how(language: Language) -> str:
    return f"To run it: {language.run.format(file='this file')}."


def _commented(language: Language, rows: list[str]) -> str:
    sign = language.comment
    # Python and Ruby look for an encoding in the first two lines, so these must be ours.
    lines = [
        _RULE,
        _TITLE,
        *(line for row in [*rows, _how(language)] for line in _lines(row)),
        _RULE,
    ]
    return "\n".join(f"{sign} {line}".rstrip() for line in lines)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text, made safe inside a comment.

    Some languages end a line at other characters than a line feed (`visible` shows those), C joins
    lines with a backslash or its trigraph, and Java reads escapes such as `\\u000a` in comments.
    """
    for line in visible_block(text).split("\n"):
        yield visible(line.expandtabs(4)).replace("\\", _BACKSLASH).replace("??/", "?? /")


def _language(finding: Finding) -> Language:
    return measure_language(finding.anchor.path) or PYTHON


def measure_file_name(finding: Finding, number: int = 1) -> str:
    """The name of the first, second, … file about a finding; independent of what a model says."""
    named = _NAME.sub("_", short_form(finding.fingerprint).lower()).strip("_")
    name = f"settle_{named or 'finding'}"
    return _language(finding).file_name.format(name=name if number == 1 else f"{name}_{number}")


def write_measure(folder: Path, finding: Finding, text: str, checkout: Path | None) -> Path:
    """Write a new file into a folder, created if missing, and return the file's path.

    Raises UsageError if the folder can't be written or is in the reviewed `checkout`.
    """
    target = folder.resolve()
    if checkout is not None and target.is_relative_to(checkout.resolve()):
        raise UsageError(
            f"{target} is inside the reviewed checkout, where a test runner would pick it up.",
            "Choose a folder outside the checkout.",
        )
    try:
        private_folder(target)
        return _written(target, finding, text.encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(
            f"The test can't be written to {target}: {error.strerror or error}.",
            "Choose a folder that you can write to.",
        ) from error


def _written(folder: Path, finding: Finding, content: bytes) -> Path:
    for number in range(1, _MOST_FILES + 1):
        path = folder / measure_file_name(finding, number)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return path
    raise UsageError(
        f"{folder} has {_MOST_FILES} tests for this finding.", "Remove those you don't need."
    )
