"""What a line that names something does with it, as far as one line tells."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from xreview.analysers.plan import is_aside, rules_language
from xreview.domain.record import dataclass
from xreview.domain.tests import is_test
from xreview.repo.files.tree import Hit

WORD = re.compile(r"\w+")
_IMPORTS = re.compile(
    r"\b(import|from|require|use|using|include|include_once|require_once|require_relative|mod"
    r"|load|source|extends)\b|^\s*[\w.]*\s*\"[^\"]+\"\s*$"
)
_DEFINES = re.compile(
    r"\b(?:def|class|func|fn|function|interface|struct|trait|enum|type|module|sub)\s{1,9}"
    r"(?:\([^()]{0,100}\)\s{0,9})?$"
)
_CALL = re.compile(r"(?:!|::<[^<>]{0,80}>)?\s{0,9}\(")
_RELATIVE = re.compile(r"from\s+\.|['\"]\./|require_relative|#\s*include\s*\"|\bmod\s")
_KIN = {"javascript": "script", "typescript": "script", "tsx": "script", "c": "cpp"}


@lru_cache(1 << 12)  # there are many lines of one file
def language_family(path: str) -> str:
    """The language of a file, with its relatives: they call each other. Without rules for it, the
    ending of its name."""
    found = rules_language(path) or path.rpartition(".")[2].lower()
    return _KIN.get(found, found)


@lru_cache(1 << 12)
def _place(path: str) -> tuple[bool, bool]:
    return is_test(path), is_aside(path)


@dataclass(frozen=True)
class NamingLine:
    """A line that has some of the names that were looked for."""

    path: str
    number: int
    text: str
    names: frozenset[str]

    @property
    def is_in_test(self) -> bool:
        """Whether it is in a test."""
        return _place(self.path)[0]

    @property
    def is_aside(self) -> bool:
        """Whether it isn't in code of the product that people write; a test isn't either."""
        return _place(self.path)[1]

    @property
    def folder(self) -> str:
        """The folder of its file; "" for the top."""
        return self.path.rpartition("/")[0]

    @property
    def is_relative(self) -> bool:
        """Whether it imports from where its file is."""
        return _RELATIVE.search(self.text) is not None

    def calls(self, name: str) -> bool:
        """Whether it calls it."""
        return any(
            _CALL.match(self.text, found.end()) and not _DEFINES.search(self.text, 0, found.start())
            for found in self._each(name)
        )

    def defines(self, name: str) -> bool:
        """Whether it defines a function or type of this name."""
        return any(_DEFINES.search(self.text, 0, found.start()) for found in self._each(name))

    def imports(self, module: str) -> bool:
        """Whether it imports a module of this name, or something of it."""
        return module in self.names and _IMPORTS.search(self.text) is not None

    def _each(self, name: str) -> Iterable[re.Match[str]]:
        if name not in self.names:
            return ()
        return re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", self.text)


def lines_by_name(
    hits: Sequence[Hit], names: Collection[str]
) -> Mapping[tuple[str, str], Sequence[NamingLine]]:
    """Return the lines that have a name, by name and language."""
    found: dict[tuple[str, str], list[NamingLine]] = defaultdict(list)
    plain = frozenset(name for name in names if WORD.fullmatch(name))
    others = [name for name in names if name not in plain]  # modules with a hyphen
    for hit in hits:
        here = plain.intersection(WORD.findall(hit.text))
        here |= {name for name in others if name in hit.text}
        line = NamingLine(hit.path, hit.line, hit.text, here)
        for name in here:
            found[name, language_family(hit.path)].append(line)
    return found
