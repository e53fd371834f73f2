"""How coding agents sign what they write, out of `conventions.toml`.

That file is data: a new agent is a new table in it.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, cached_property
from importlib.resources import files
from typing import cast

from xreview.domain.report import Confidence

_FILE = "conventions.toml"
_SPACES = re.compile(r"[\s-]+")
_Table = Mapping[str, object]


@dataclass(frozen=True)
class CodingTool:
    """One coding agent; what the fields mean is said in `conventions.toml`.

    Texts are in lower case, names as `normal_name` makes them.
    """

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
    """How the models of one vendor are called; the fields are explained in `conventions.toml`."""

    vendor: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    fused: tuple[str, ...]
    doubtful: tuple[str, ...]
    whole: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True)
class Footers:
    """What a line such as `Generated with …` needs; explained in `conventions.toml`."""

    plain: frozenset[str]
    always: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True)
class Conventions:
    """All that is known of how agents sign.

    Args:
        tools: every agent.
        families: every model family.
        footers: what a line such as `Generated with …` needs.
        beside: words that may stand beside an agent's name without making it another name.
        denials: first words (lower case) of a value that says that no agent took part.
        other_names, other_logins: identities that sign commits and wrote nothing of them.
        keys: what a trailer's key (lower case) announces: "co_author", "agent" or "model".
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
    def by_email(self) -> Mapping[str, CodingTool]:
        """Tools by whole addresses."""
        return {email: tool for tool in self.tools for email in tool.emails if "*" not in email}

    @cached_property
    def by_email_pattern(self) -> tuple[tuple[re.Pattern[str], CodingTool], ...]:
        """Tools by patterns of addresses."""
        return tuple(
            (re.compile(translate(email)), tool)
            for tool in self.tools
            for email in tool.emails
            if "*" in email
        )

    @cached_property
    def by_shared_email(self) -> Mapping[str, CodingTool]:
        """Tools by addresses that are not theirs alone."""
        return {email: tool for tool in self.tools for email in tool.shared}

    @cached_property
    def by_login(self) -> Mapping[str, CodingTool]:
        """Tools by GitHub logins, some with the number before `+`."""
        return {login: tool for tool in self.tools for login in tool.logins}

    @cached_property
    def by_session(self) -> Mapping[str, CodingTool]:
        """Tools by the keys of trailers that link to a session."""
        return {key: tool for tool in self.tools for key in tool.session}

    @cached_property
    def by_name(self) -> Mapping[str, CodingTool]:
        """Tools by the names that no person has."""
        return {name: tool for tool in self.tools for name in tool.names}

    @cached_property
    def by_word(self) -> Mapping[str, CodingTool]:
        """Tools by every name, those that people and things have too included."""
        words = {
            normal_name(word): tool for tool in self.tools for word in (tool.name, *tool.words)
        }
        return words | dict(self.by_name)

    @cached_property
    def by_record(self) -> Mapping[str, CodingTool]:
        """Tools by what the recorders of agents' work call them."""
        recorded = {name: tool for tool in self.tools for name in tool.recorded}
        return recorded | dict(self.by_word)

    @cached_property
    def by_family_alone(self) -> Mapping[str, Family]:
        """Families by the words that are enough as a whole value of a trailer about agents."""
        return {word: family for family in self.families for word in family.alone}

    @cached_property
    def family_beginning(self) -> re.Pattern[str]:
        """Matches a text that begins with such a word; group 1 is that."""
        return re.compile(_any_of(self.by_family_alone), re.IGNORECASE)

    @cached_property
    def name_beginning(self) -> re.Pattern[str]:
        """Matches a text that begins with a name that no person has; group 1 is that."""
        return re.compile(_any_of(self.by_name), re.IGNORECASE)

    @cached_property
    def word_beginning(self) -> re.Pattern[str]:
        """Matches a text that begins with any tool's name; group 1 is that."""
        return re.compile(_any_of(self.by_word), re.IGNORECASE)

    @cached_property
    def name_anywhere(self) -> re.Pattern[str]:
        """Finds a name that no person has; group 1 is that."""
        return re.compile(rf"(?<!\w){_any_of(self.by_name)}", re.IGNORECASE)

    def tool_of_link(self, address: str) -> CodingTool | None:
        """The tool whose session an address (without `https://`) leads to."""
        for tool in self.tools:
            if address.startswith(tool.links):
                return tool
        return None

    def tool_of_branch(self, name: str) -> CodingTool | None:
        """The tool that names its branches like this."""
        for tool in self.tools:
            if name.startswith(tool.branches):
                return tool
        return None


def normal_name(text: str) -> str:
    """A name as names are compared: lower case, one space for spaces and hyphens."""
    return _SPACES.sub(" ", text.lower()).strip()


@cache
def conventions() -> Conventions:
    """The conventions, read once."""
    table: _Table = tomllib.loads(
        files("xreview.repo.attribution.signatures").joinpath(_FILE).read_text("utf-8")
    )
    others, trailers, silent, beside, footers = (
        cast("_Table", table[key])
        for key in ("not_authors", "trailers", "says_nothing", "beside", "footers")
    )
    return Conventions(
        tuple(_tool(one) for one in cast("list[_Table]", table["tool"])),
        tuple(_family(one) for one in cast("list[_Table]", table["family"])),
        Footers(*(frozenset(_texts(footers, key)) for key in ("plain", "always", "never"))),
        frozenset(_texts(beside, "words")),
        frozenset(_texts(silent, "denials")),
        frozenset(normal_name(name) for name in _texts(others, "names")),
        frozenset(_texts(others, "logins")),
        {key: role for role in trailers for key in _texts(trailers, role)},
        frozenset(_texts(silent, "values")),
    )


def _tool(table: _Table) -> CodingTool:
    return CodingTool(
        cast("str", table["name"]),
        cast("str", table["vendor"]),
        Confidence[cast("str", table.get("sure", "high")).upper()],
        frozenset(normal_name(name) for name in _texts(table, "doubt")),
        _texts(table, "emails"),
        _texts(table, "shared"),
        _texts(table, "logins"),
        tuple(normal_name(name) for name in _texts(table, "names")),
        tuple(normal_name(name) for name in _texts(table, "words")),
        tuple(normal_name(name) for name in _texts(table, "recorded")),
        _texts(table, "session"),
        _texts(table, "links"),
        _texts(table, "branches"),
    )


def _family(table: _Table) -> Family:
    return Family(
        cast("str", table["vendor"]),
        *(_texts(table, key) for key in ("names", "kinds", "fused", "doubtful", "whole", "alone")),
    )


def _texts(table: _Table, key: str) -> tuple[str, ...]:
    return tuple(cast("list[str]", table.get(key, [])))


def _any_of(names: Iterable[str]) -> str:
    """A pattern for the names, whatever stands between their words; the longest comes first."""
    longest_first = sorted(names, key=len, reverse=True)
    forms = (r"[\s-]{1,3}".join(map(re.escape, name.split())) for name in longest_first)
    return rf"({'|'.join(forms)})(?!\w)"
