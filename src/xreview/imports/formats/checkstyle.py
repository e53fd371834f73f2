"""Checkstyle's XML, which many linters write: `checkstyle`, `file`, `error`.

A document type, whose entities could grow or name other files, is refused before it takes effect;
`defusedxml` would do no more.
"""

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from xreview.domain.record import replace
from xreview.imports.content import Content
from xreview.imports.describing import analyser, titled
from xreview.imports.format import Format, ResultReader
from xreview.imports.mapping import category_of, severity_of
from xreview.imports.node import MalformedError
from xreview.imports.placing.file_names import of_path
from xreview.imports.statement import FileName, ImportedProblem, Region, ToolStatement, Where

if TYPE_CHECKING:
    from xreview.domain.report import ReviewerIdentity

_UNNAMED = "checkstyle"
_BEGINS = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!DOCTYPE|checkstyle\b)", re.S)
_LEVELS = {"error": "error", "warning": "warning", "info": "note", "ignore": "none"}
_DEEPEST = 10

# The prefixes with which linters mark their rules: `eslint.rules.no-var`, `ShellCheck.SC2086`.
_TOOLS = re.compile(
    r"(?P<eslint>eslint\.rules\.)|(?P<shellcheck>ShellCheck\.)|(?P<biome>lint/\w+/)"
    r"|(?P<hadolint>DL\d{4}$)|(?P<checkstyle>com\.puppycrawl\.)|(?P<phpcs>\w+(\.\w+){3}$)"
)


def _matches(content: Content) -> bool:
    return _BEGINS.match(content.text, 0, 5000) is not None


def _read(content: Content) -> tuple[ToolStatement, ...]:
    xml = _Xml(content)
    first, *others = xml.results.by_tool(xml.found, analyser(_UNNAMED))
    return (replace(first, read=tuple(xml.files)), *others)


FORMAT = Format("checkstyle XML", _matches, _read)


class _RefusedError(Exception):
    """The XML has something that isn't read; the text says what."""


class _Xml:
    """The results and files of one pass over the XML."""

    def __init__(self, content: Content) -> None:
        self.results = ResultReader()
        self.found: list[tuple[ReviewerIdentity, ImportedProblem, bool]] = []
        self.files: list[FileName] = []
        self._depth = 0
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.EntityDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        try:
            # The text is decoded, so the declared encoding doesn't apply.
            text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", content.text)
            parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            raise MalformedError(content.file, f"invalid XML: {error}") from error
        except _RefusedError as error:
            raise MalformedError(content.file, str(error)) from None

    def _refuse_doctype(self, *_: object) -> None:
        raise _RefusedError("it declares a document type, which may do harm and isn't read")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _RefusedError("it is nested too deeply")
        if name == "file":
            self.files.append(of_path(attributes.get("name", "")))
        elif name == "error" and self.files and self.results.takes_more():
            tool, problem = _problem(attributes, self.files[-1])
            self.found.append((analyser(tool), problem, False))

    def _end(self, _: str) -> None:
        self._depth -= 1


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
        places=(Where(file, Region.of_lines(line)),),
    )
    return tool, problem


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
