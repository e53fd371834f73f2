"""The public names that a file defines: what others may build on, so that it can't be taken back.

It goes by lines, as a diff has only those: no types, no scopes. It knows what is usual in a
language, and errs on the side of "not public".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from xreview.domain.record import dataclass

_LONGEST_LINE = 400
_LONGEST_HEAD = 2_000
_MOST_ROWS = 20
"""Lines of a definition that are read until its brackets are closed."""

_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_PYTHON = re.compile(r"\s*(async|def|class)\b")
_OPEN, _CLOSED = "([", ")]"
_PRIVATE_PLACE = re.compile(r"(^|/)(internal|private|impl|detail)/|(^|/)_(?!_init__\.)[^/]*")
_SCRIPT = (
    r"\s*export\s+(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?"
    r"(?:function\s*\*?|class|const|let|interface|type|enum|namespace)\s+(?P<name>[\w$]+)"
    r"|\s*(?:module\.)?exports\.(?P<other>[\w$]+)\s*="
)
_C = (
    r"(?!(?:static|return|typedef|else|using|friend)\b)"
    r"(?P<head>[A-Za-z_][^()={};\"#,\[\]?]{1,200})\("
)
_JVM = (
    r"\s*public\s(?:[\w@]+\s+){0,5}?(?:class|interface|enum|record|struct|@interface|object)\s+"
    r"(?P<name>\w+)|\s*public\s(?P<head>[^()={};\"]{1,300})\("
)
_BY_ENDING = {
    "py pyi": (
        r"(?:async\s+)?(?:def|class)\s+(?P<name>(?!_)\w+)"
        r"|\s+(?:async\s+)?def\s+(?P<other>(?!_)\w+)\s*\(\s*(?:self|cls)\b"
    ),
    "js jsx mjs cjs ts tsx mts cts": _SCRIPT,
    "go": r"func\s+(?:\([^()]{0,100}\)\s*)?(?P<name>[A-Z]\w*)|type\s+(?P<other>[A-Z]\w*)",
    "rs": (
        r"\s*pub\s+(?:const\s+|async\s+|unsafe\s+|extern\s+(?:\"\w*\"\s+)?){0,4}"
        r"(?:fn|struct|enum|trait|mod|const|static|type|union)\s+(?P<name>\w+)"
    ),
    "java cs": _JVM,
    "php": r"\s*(?:abstract\s+|final\s+|static\s+)*public\s+(?:static\s+)?function\s+(?P<name>\w+)",
    "rb": r"\s*(?:def\s+(?:self\.)?|class\s+|module\s+)(?P<name>(?!_)[\w:]+[?!=]?)",
    "h hh hpp hxx": _C,
    "proto": (
        r"\s*(?:message|enum|service|rpc)\s+(?P<name>\w+)"
        r"|\s*(?P<head>[^=;{}\"()]{1,120})=\s*\d+\s*[;\[]"
    ),
    "graphql graphqls gql": (
        r"\s*(?:extend\s+)?(?:type|input|interface|enum|union|scalar|directive)\s+(?P<name>@?\w+)"
        r"|\s+(?P<other>\w+)\s*(?:\([^()]{0,300}\))?\s*:\s*[\[\w]"
    ),
}
_FORMS = {end: re.compile(form) for ends, form in _BY_ENDING.items() for end in ends.split()}
_OPTION = re.compile(
    r"\b(?:add_argument|add_option|option|Option|[Ff]lags?|arg|Arg|long)\b[^\"']{0,80}"
    r"[\"'](?:-\w[\"']\s*,\s*[\"'])?(?P<name>--[A-Za-z][\w-]{1,60})\b"
)
_PATH = re.compile(
    r"\s*[\"']?(?P<name>/[^\s\"':]{0,200})[\"']?\s*:|\s*operationId:\s*(?P<other>\S+)"
)
_OPEN_API = re.compile(r"(^|[/._-])(openapi|swagger)[^/]*\.(ya?ml|json)$", re.IGNORECASE)
_WHOLE_LINE = ("proto", "graphql", "graphqls", "gql")


@dataclass(frozen=True, slots=True)
class PublicName:
    """A public name with its definition, in single spaces: its head with all its parameters."""

    name: str
    definition: str


def public_names(path: str, rows: Sequence[str]) -> Iterator[PublicName]:
    """Return the public names that lines of a file define, in order."""
    for at, name in _named(path, rows):
        yield PublicName(name, _definition(path, name, rows[at : at + _MOST_ROWS]))


def names_defined(path: str, rows: Sequence[str]) -> frozenset[str]:
    """Return the public names that lines of a file define."""
    return frozenset(name for _, name in _named(path, rows))


def _named(path: str, rows: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The names, each with the index of its line."""
    form = _form_of(path)
    if form is None:
        return
    for at, row in enumerate(rows):
        text = row[:_LONGEST_LINE]
        if (found := form.match(text)) and (name := _name(found)):
            yield at, name
        elif "--" in text and (option := _OPTION.search(text)):
            yield at, option["name"]


@lru_cache(1 << 10)  # a diff is read line by line
def _form_of(path: str) -> re.Pattern[str] | None:
    """How a file defines public names; None if it has none."""
    if _OPEN_API.search(path):
        return _PATH
    return None if _PRIVATE_PLACE.search(path) else _FORMS.get(_ending(path))


def _name(found: re.Match[str]) -> str:
    """The name in a match; "" if what has the place of a name stands alone."""
    groups = found.groupdict()
    if name := groups.get("name") or groups.get("other"):
        return name
    words = _WORD.findall(groups.get("head") or "")
    return words[-1] if len(words) > 1 else ""


def altered_names(
    before: Iterator[PublicName], after: Iterator[PublicName]
) -> Mapping[str, PublicName]:
    """Return what is gone or defined differently, by name."""
    kept = set(after)
    return {one.name: one for one in before if one not in kept}


def _ending(path: str) -> str:
    return path.rpartition(".")[2].lower()


def _definition(path: str, name: str, rows: Sequence[str]) -> str:
    """A definition up to the end of its parameters. Of a field or type in a schema, it's the line;
    of a path or an option only the name counts, since its text may change."""
    if name.startswith(("/", "--")) or _OPEN_API.search(path):
        return name
    if _ending(path) in _WHOLE_LINE:
        return _plain(rows[0][:_LONGEST_LINE])
    depth, parts = 0, list[str]()
    for row in rows:
        text = row[:_LONGEST_LINE]
        parts.append(text)
        depth += sum(map(text.count, _OPEN)) - sum(map(text.count, _CLOSED))
        if depth <= 0:
            break
    return _plain(_head(" ".join(parts)[:_LONGEST_HEAD]))


def _head(text: str) -> str:
    """A definition without the body that follows on its line."""
    ends = "{;:" if _PYTHON.match(text) else "{;"
    depth = 0
    for at, character in enumerate(text):
        depth += (character in _OPEN) - (character in _CLOSED)
        if depth == 0 and (character in ends or text.startswith("=>", at)):
            return text[:at]
    return text


def _plain(text: str) -> str:
    """Without what a formatter changes."""
    tight = re.sub(r" ?([()\[\],:]) ?", r"\1", _SPACES.sub(" ", text.strip()))
    return re.sub(r",([)\]])", r"\1", tight)
