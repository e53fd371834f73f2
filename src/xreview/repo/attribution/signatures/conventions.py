"""How coding agents sign what they write; the data is `conventions.toml`, a table for each."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from fnmatch import translate
from functools import cache, cached_property
from importlib.resources import files
from typing import cast

from xreview.domain.record import dataclass
from xreview.domain.report import Confidence

_SPACES = re.compile(r"[\s-]+")
_Table = Mapping[str, object]


@dataclass(frozen=True)
class CodingTool:
    """A coding agent; `conventions.toml` explains the fields. All texts are in lower case."""

    name: str
    vendor: str
    sure: Confidence
    doubt: frozenset[str]
    emails: tuple[str, ...]
    shared: tuple[str, ...]
    logins: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]
    recorded: tuple[str, ...]
    session: tuple[str, ...]
    links: tuple[str, ...]
    branches: tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """The names of a vendor's models; `conventions.toml` explains the fields."""

    vendor: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    fused: tuple[str, ...]
    doubtful: tuple[str, ...]
    whole: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True)
class Footers:
    """The words of a line such as `Generated with …`; explained in `conventions.toml`."""

    plain: frozenset[str]
    always: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True)
class Conventions:
    """Everything known about how agents sign.

    Args:
        beside: words that can accompany an agent's name without making it another name.
        denials: first words (lower case) of a value that denies that an agent took part.
        other_names, other_logins: identities that sign commits without writing any of them.
        keys: by a trailer's key (lower case), what it announces: "co_author", "agent" or "model".
        says_nothing: values of such trailers (lower case) that name no agent.
    """

    tools: tuple[CodingTool, ...]
    families: tuple[Family, ...]
    footers: Footers
    beside: frozenset[str]
    denials: frozenset[str]
    other_names: frozenset[str]
    other_logins: frozenset[str]
    keys: Mapping[str, str]
    says_nothing: frozenset[str]

    @cached_property
    def by_email(self) -> dict[str, CodingTool]:
        """Tools by address; a pattern contains `*`."""
        return self._tools_by(lambda tool: tool.emails)

    @cached_property
    def by_email_pattern(self) -> tuple[tuple[re.Pattern[str], CodingTool], ...]:
        """Tools by patterns of addresses."""
        patterns = ((email, tool) for email, tool in self.by_email.items() if "*" in email)
        return tuple((re.compile(translate(email)), tool) for email, tool in patterns)

    @cached_property
    def by_shared_email(self) -> dict[str, CodingTool]:
        """Tools by addresses that others use too."""
        return self._tools_by(lambda tool: tool.shared)

    @cached_property
    def by_login(self) -> dict[str, CodingTool]:
        """Tools by GitHub login, some with the number before `+`."""
        return self._tools_by(lambda tool: tool.logins)

    @cached_property
    def by_session(self) -> dict[str, CodingTool]:
        """Tools by the keys of trailers that link to a session."""
        return self._tools_by(lambda tool: tool.session)

    @cached_property
    def by_name(self) -> dict[str, CodingTool]:
        """Tools by unambiguous names."""
        return self._tools_by(lambda tool: tool.names)

    @cached_property
    def by_word(self) -> dict[str, CodingTool]:
        """Tools by every name, including names of people and things."""
        return self._tools_by(lambda tool: (normal_name(tool.name), *tool.words)) | self.by_name

    @cached_property
    def by_record(self) -> dict[str, CodingTool]:
        """Tools by their names in records of agents' work."""
        return self._tools_by(lambda tool: tool.recorded) | self.by_word

    @cached_property
    def by_family_alone(self) -> Mapping[str, Family]:
        """Families by words that suffice as the whole value of a trailer about agents."""
        return {word: family for family in self.families for word in family.alone}

    @cached_property
    def family_beginning(self) -> re.Pattern[str]:
        """Matches a text that begins with such a word, as group 1."""
        return re.compile(_any_of(self.by_family_alone), re.IGNORECASE)

    @cached_property
    def name_beginning(self) -> re.Pattern[str]:
        """Matches a text that begins with an unambiguous name, as group 1."""
        return re.compile(_any_of(self.by_name), re.IGNORECASE)

    @cached_property
    def word_beginning(self) -> re.Pattern[str]:
        """Matches a text that begins with any tool's name, as group 1."""
        return re.compile(_any_of(self.by_word), re.IGNORECASE)

    @cached_property
    def name_anywhere(self) -> re.Pattern[str]:
        """Finds an unambiguous name, as group 1."""
        return re.compile(rf"(?<!\w){_any_of(self.by_name)}", re.IGNORECASE)

    def tool_of_link(self, address: str) -> CodingTool | None:
        """The tool whose session a URL (without `https://`) leads to."""
        return next((tool for tool in self.tools if address.startswith(tool.links)), None)

    def tool_of_branch(self, name: str) -> CodingTool | None:
        """The tool that names its branches like this."""
        return next((tool for tool in self.tools if name.startswith(tool.branches)), None)

    def _tools_by(self, words: Callable[[CodingTool], Iterable[str]]) -> dict[str, CodingTool]:
        return {word: tool for tool in self.tools for word in words(tool)}


def normal_name(text: str) -> str:
    """A name for comparison: lower case, with one space for spaces and hyphens."""
    return _SPACES.sub(" ", text.lower()).strip()


@cache
def conventions() -> Conventions:
    """The conventions."""
    data = files("xreview.repo.attribution.signatures").joinpath("conventions.toml")
    table: _Table = tomllib.loads(data.read_text("utf-8"))
    others, trailers, silent, beside, footers = (
        cast("_Table", table[key])
        for key in ("not_authors", "trailers", "says_nothing", "beside", "footers")
    )
    return Conventions(
        tuple(map(_tool, cast("list[_Table]", table["tool"]))),
        tuple(map(_family, cast("list[_Table]", table["family"]))),
        Footers(*(frozenset(_texts(footers, key)) for key in ("plain", "always", "never"))),
        frozenset(_texts(beside, "words")),
        frozenset(_texts(silent, "denials")),
        frozenset(_names(others, "names")),
        frozenset(_texts(others, "logins")),
        {key: role for role in trailers for key in _texts(trailers, role)},
        frozenset(_texts(silent, "values")),
    )


def _tool(table: _Table) -> CodingTool:
    return CodingTool(
        cast("str", table["name"]),
        cast("str", table["vendor"]),
        Confidence[cast("str", table.get("sure", "high")).upper()],
        frozenset(_names(table, "doubt")),
        *(_texts(table, key) for key in ("emails", "shared", "logins")),
        *(_names(table, key) for key in ("names", "words", "recorded")),
        *(_texts(table, key) for key in ("session", "links", "branches")),
    )


def _family(table: _Table) -> Family:
    words = ("names", "kinds", "fused", "doubtful", "whole", "alone")
    return Family(cast("str", table["vendor"]), *(_texts(table, key) for key in words))


def _texts(table: _Table, key: str) -> tuple[str, ...]:
    return tuple(cast("list[str]", table.get(key, [])))


def _names(table: _Table, key: str) -> tuple[str, ...]:
    return tuple(map(normal_name, _texts(table, key)))


def _any_of(names: Iterable[str]) -> str:
    """A pattern for the names with any separators between words; the longest comes first."""
    longest_first = sorted(names, key=len, reverse=True)
    forms = (r"[\s-]{1,3}".join(map(re.escape, name.split())) for name in longest_first)
    return rf"({'|'.join(forms)})(?!\w)"
