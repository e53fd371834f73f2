"""Coverage in XML: Cobertura's, which many tools write, and JaCoCo's.

Both begin with a document type that names a DTD; expat doesn't fetch it. One that declares
something itself is refused before it takes effect, so no entity can grow or name a file.
"""

from contextlib import suppress
from xml.parsers import expat

from xreview.imports.coverage_files.measured import (
    CoverageFileError,
    CoverageReading,
    CoverageReport,
)

_DEEPEST = 20
_MOST_ROOTS = 20
_CHUNK = 64 * 1024
_LONGEST = 4096  # characters of a source folder


def read_xml(content: bytes, reading: CoverageReading) -> CoverageReport:
    """Read Cobertura's or JaCoCo's XML. Raises CoverageFileError."""
    return _Xml(reading).read(content)


class _Xml:
    """One pass over the XML."""

    def __init__(self, reading: CoverageReading) -> None:
        self._reading = reading
        self._depth = 0
        self._package = ""
        self._name: str | None = None
        """The source file whose lines come; None if they aren't wanted."""

        self._root: list[str] | None = None
        self._is_jacoco: bool | None = None
        self._is_statements = False
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._check_doctype
        parser.EntityDeclHandler = self._refuse_entity
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser = parser

    def read(self, content: bytes) -> CoverageReport:
        try:
            for at in range(0, len(content), _CHUNK):
                self._reading.check_time()
                self._parser.Parse(content[at : at + _CHUNK], False)
            self._parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError) as error:  # or an unknown encoding
            raise CoverageFileError(f"it isn't valid XML: {error}") from error
        is_exact = self._is_jacoco or self._is_statements
        return self._reading.report(marks_regions=not is_exact)

    def _check_doctype(
        self, _name: str, _system: str | None, _public: str | None, has_declarations: int
    ) -> None:
        if has_declarations:
            raise CoverageFileError("it declares its own document type, which may do harm")

    def _refuse_entity(self, *_: object) -> None:
        raise CoverageFileError("it declares an entity, which may do harm")

    def _begin(self, element: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CoverageFileError("it is nested too deeply")
        if self._is_jacoco is None:
            self._begin_document(element, attributes)
        elif element == "line":
            if self._name is not None:
                self._mark(self._name, attributes)
        elif element == "package":
            self._package = attributes.get("name", "")
        elif element == "sourcefile" and self._is_jacoco:
            self._begin_file(f"{self._package}/{attributes.get('name', '')}".lstrip("/"))
        elif element == "class" and not self._is_jacoco:
            self._begin_file(attributes.get("filename", ""))
        elif element == "source" and len(self._reading.roots) < _MOST_ROOTS:
            self._root = []

    def _begin_document(self, element: str, attributes: dict[str, str]) -> None:
        if element not in ("coverage", "report"):
            raise CoverageFileError("it is neither Cobertura's nor JaCoCo's XML")
        self._is_jacoco = element == "report"
        # coverage.py numbers its versions like this, and marks statements only.
        self._is_statements = attributes.get("version", "").count(".") >= 2

    def _begin_file(self, name: str) -> None:
        self._name = name if name and self._reading.wants(name) else None

    def _mark(self, name: str, attributes: dict[str, str]) -> None:
        number, hits = ("nr", "ci") if self._is_jacoco else ("number", "hits")
        with suppress(ValueError):  # not a number
            line = int(attributes.get(number, "")[:9])
            self._reading.mark(name, (line,), is_run=int(attributes.get(hits, "")[:20]) > 0)

    def _text(self, text: str) -> None:
        if self._root is not None and sum(map(len, self._root)) < _LONGEST:
            self._root.append(text)

    def _end(self, element: str) -> None:
        self._depth -= 1
        if element in ("class", "sourcefile"):
            self._name = None
        elif element == "source" and self._root is not None:
            self._reading.roots.append("".join(self._root).strip()[:_LONGEST])
            self._root = None
