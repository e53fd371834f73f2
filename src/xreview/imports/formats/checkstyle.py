"""Checkstyle's XML, which many linters write: `checkstyle`, `file`, `error`.

The file is hostile until shown otherwise, so nothing of XML but elements and attributes is read: a
document type, by which entities could grow or name other files, is refused before any of it takes
effect. That is all that `defusedxml` would do here, and the standard library's expat does it with
a handler; it also holds no tree in memory.
"""

import re
from xml.parsers import expat

from xreview.domain.errors import UsageError
from xreview.domain.report import Confidence, Lens
from xreview.imports.format import MOST_RESULTS, Content, Format, beyond
from xreview.imports.identity import analyser, titled
from xreview.imports.mapping import category_of, severity_of
from xreview.imports.names import of_path
from xreview.imports.problem import FileName, ImportedProblem, Region, ToolStatement, Where

_UNNAMED = "checkstyle"
_BEGINS = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!DOCTYPE|checkstyle\b)", re.S)
_LEVELS = {"error": "error", "warning": "warning", "info": "note", "ignore": "none"}
_DEEPEST = 10

# The names before a rule by which linters mark what is theirs: `eslint.rules.no-var`, `Hadolint.x`.
_TOOLS = re.compile(
    r"(?P<eslint>eslint\.rules\.)|(?P<shellcheck>ShellCheck\.)|(?P<biome>lint/\w+/)"
    r"|(?P<hadolint>DL\d{4}$)|(?P<checkstyle>com\.puppycrawl\.)|(?P<phpcs>\w+(\.\w+){3}$)"
)


def _tells(content: Content) -> bool:
    return _BEGINS.match(content.text, 0, 5000) is not None


def read_checkstyle(content: Content) -> tuple[ToolStatement, ...]:
    """What the linter says. Raises UsageError where it is no well-formed XML, or has a DTD."""
    reading = _Reading(content)
    said: dict[str, list[ImportedProblem]] = {}
    for tool, problem in reading.problems:
        said.setdefault(tool, []).append(problem)
    tools = list(said) or [_UNNAMED]
    unread = (beyond(reading.beyond),) if reading.beyond else ()
    return tuple(
        ToolStatement(
            analyser(tool),
            Lens.RISK,
            tuple(said.get(tool, ())),
            read=tuple(reading.files) if tool == tools[0] else (),
            unread=unread if tool == tools[0] else (),
        )
        for tool in tools
    )


FORMAT = Format("checkstyle XML", _tells, read_checkstyle)


class _RefusedError(Exception):
    """The XML has what is not read; the text says what."""


class _Reading:
    """One pass over the XML."""

    def __init__(self, content: Content) -> None:
        self.problems: list[tuple[str, ImportedProblem]] = []
        self.files: list[FileName] = []
        self.beyond = 0
        self._depth = 0
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        try:
            # The text is decoded already, whatever encoding the declaration names.
            text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", content.text)
            parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            raise _refused(content, f"it is no XML: {error}") from error
        except _RefusedError as error:
            raise _refused(content, str(error)) from None

    def _refuse_doctype(self, *_: object) -> None:
        raise _RefusedError("it declares a document type, which is not read, as it may do harm")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _RefusedError("it is nested too deeply")
        if name == "file":
            self.files.append(of_path(attributes.get("name", "")))
        elif name == "error" and self.files:
            if len(self.problems) >= MOST_RESULTS:
                self.beyond += 1
            else:
                self.problems.append(_problem(attributes, self.files[-1]))

    def _end(self, _: str) -> None:
        self._depth -= 1


def _refused(content: Content, why: str) -> UsageError:
    return UsageError(
        f"{content.file} can't be imported: {why}.",
        "Nothing of it was imported. Have its tool write it again.",
    )


def _problem(attributes: dict[str, str], file: FileName) -> tuple[str, ImportedProblem]:
    source, message = attributes.get("source", ""), attributes.get("message", "")
    found = _TOOLS.match(source)
    tool = (found.lastgroup if found else None) or _UNNAMED
    rule = re.sub(r"^(eslint\.rules\.|ShellCheck\.|com\.puppycrawl\.(\w+\.)*)", "", source)
    message = message.removesuffix(f" ({rule})") if rule else message
    line = _number(attributes.get("line", ""))
    problem = ImportedProblem(
        rule=rule,
        title=titled(message, rule),
        message=message,
        category=category_of(tool, rule, message),
        severity=severity_of(tool, _LEVELS.get(attributes.get("severity", "").lower(), "")),
        confidence=Confidence.MEDIUM,
        places=(Where(file, Region(line, line) if line else None),),
    )
    return tool, problem


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
