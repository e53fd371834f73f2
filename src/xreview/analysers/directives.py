"""The comments with which linters are told to be silent, and what they name.

Sources of the forms: docs.astral.sh/ruff/linter (error suppression), bandit.readthedocs.io
(configuration), eslint.org (configure rules), oxc.rs (ignore comments), biomejs.dev (suppressions),
golangci-lint.run (false positives), clang.llvm.org/extra/clang-tidy (suppressing diagnostics),
docs.rubocop.org (configuration).
"""

import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto

from xreview.domain.record import dataclass


class Scope(Enum):
    """The lines that a directive is about. `BLOCK` lasts until `END`, or to the end of the file."""

    LINE = auto()
    NEXT_LINE = auto()
    FILE = auto()
    BLOCK = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive: how authors call it, and the rules that it names, of all if empty.

    Rules have the form of `enforced_by`; "category:security" stands for all of that category.
    """

    what: str
    scope: Scope
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    what: str
    tool: str
    pattern: re.Pattern[str]
    scopes: Mapping[str, Scope]


_LINE = {"": Scope.LINE}
_ESLINT_SCOPES = {
    "disable-line": Scope.LINE,
    "disable-next-line": Scope.NEXT_LINE,
    "disable": Scope.BLOCK,
    "enable": Scope.END,
}
_ESLINT = r"^/[/*]\s*{}-(?P<scope>disable(?:-next-line|-line)?|enable)\b(?P<names>(?:(?!\s--\s).)*)"
_FORMS = (
    _Form(
        "noqa",
        "ruff",
        re.compile(r"#\s*noqa\b(?P<names>:\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?", re.IGNORECASE),
        _LINE,
    ),
    _Form(
        "noqa",
        "ruff",
        re.compile(r"^#\s*(?:ruff|flake8):\s*noqa\b(?P<names>:[\sA-Z\d,]+)?", re.IGNORECASE),
        {"": Scope.FILE},
    ),
    _Form("nosec", "bandit", re.compile(r"#\s*nosec\b:?(?P<names>(?:[\s,]*B\d{3})+)?"), _LINE),
    _Form(
        "eslint-disable",
        "eslint",
        re.compile(_ESLINT.format("eslint"), re.DOTALL),
        _ESLINT_SCOPES,
    ),
    _Form(
        "oxlint-disable",
        "eslint",
        re.compile(_ESLINT.format("oxlint"), re.DOTALL),
        _ESLINT_SCOPES,
    ),
    _Form(
        "biome-ignore",
        "biome",
        re.compile(r"^/[/*]\s*biome-ignore(?P<scope>-all|-start|-end)?\s+(?P<names>[\w/]+)"),
        {"": Scope.NEXT_LINE, "-all": Scope.FILE, "-start": Scope.BLOCK, "-end": Scope.END},
    ),
    _Form("nolint", "golangci", re.compile(r"^//\s?nolint\b(?P<names>:[\w,-]+)?"), _LINE),
    _Form(
        "NOLINT",
        "clang-tidy",
        re.compile(r"\bNOLINT(?P<scope>NEXTLINE|BEGIN|END)?\b(?P<names>\([^)]*\))?"),
        {
            "": Scope.LINE,
            "NEXTLINE": Scope.NEXT_LINE,
            "BEGIN": Scope.BLOCK,
            "END": Scope.END,
        },
    ),
    _Form(
        "rubocop:disable",
        "rubocop",
        re.compile(
            r"^#\s*rubocop\s*:\s*(?P<scope>disable|todo|enable)\s+"
            r"(?P<names>[\w/]+(?:\s*,\s*[\w/]+)*)"
        ),
        {"disable": Scope.BLOCK, "todo": Scope.BLOCK, "enable": Scope.END},
    ),
)
_NAME = re.compile(r"[\w./@-]*\w")


def directives(comment: str, *, is_alone: bool) -> Iterator[Directive]:
    """The directives of a comment. `is_alone`: no code is before it on its line."""
    for form in _FORMS:
        if (found := form.pattern.search(comment)) is None:
            continue
        parts = found.groupdict()
        scope = form.scopes[parts.get("scope") or ""]
        if form.tool == "rubocop" and not is_alone:
            scope = Scope.LINE
        if form.tool == "golangci" and is_alone:
            scope = Scope.NEXT_LINE
        yield Directive(form.what, scope, _named(form.tool, parts["names"] or ""))


def silenced_sentence(counts: Mapping[str, int]) -> str:
    """What silenced how many matches, for the user."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    parts = ", ".join(f"{count:,} × {what}" for what, count in ordered)
    total = sum(counts.values())
    matches = "1 match is" if total == 1 else f"{total:,} matches are"
    return f"{matches} silenced by comments in the code: {parts}."


def _named(tool: str, text: str) -> tuple[str, ...]:
    names: list[str] = _NAME.findall(text)
    match tool:
        case "ruff":
            names = [name.upper() for name in names]
        case "bandit":
            # Bandit's B608 is ruff's S608.
            named = tuple(f"ruff:S{name[1:]}" for name in names)
            return named or ("ruff:S", "category:security")
        case "eslint":
            # Plug-ins port rules of eslint: "@typescript-eslint/no-implied-eval".
            names += [name.rpartition("/")[2] for name in names if "/" in name]
        case "biome":
            tool, names = "eslint", [_kebab(name.rpartition("/")[2]) for name in names]
        case "rubocop" if names == ["all"]:
            return ()
        case _:
            pass
    security = ("category:security",) if tool == "golangci" and "gosec" in names else ()
    return (*(f"{tool}:{name}" for name in names), *security)


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)
