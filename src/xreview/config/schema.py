"""Every setting: what it is called, what it may be, who may set it. The single description.

The loader, the messages about wrong keys, the JSON schema, the example file and the documentation
are made from `KEYS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from xreview.config.ignore import rules_of
from xreview.config.kinds import (
    Dollars,
    KeyTable,
    Sentences,
    Switch,
    Text,
    ValueKind,
    Whole,
    WordChoice,
)
from xreview.config.reviewers import ReviewerTables
from xreview.domain.report import Severity
from xreview.ports.provider import ReviewerSettings

SEVERITY_WORDS: Mapping[str, Severity] = {severity.word: severity for severity in Severity}


@dataclass(frozen=True)
class Settings:
    """The settings in force. `KEYS` says what each means.

    `ignore` is the user's own list and `repository_ignore` the reviewed repository's, kept apart
    so that a `!pattern` of the repository can't bring back what the user left out.
    """

    theme: str = "dark"
    side_by_side: bool = False
    tab_size: int = 4
    editor: str = ""
    mouse: bool = True
    fail_on: Severity = Severity.LOW
    ignore: tuple[str, ...] = ()
    repository_ignore: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    review_with: tuple[str, ...] = ()
    budget: float = 1.0
    egress: tuple[str, ...] = ()
    offline: bool = False
    read_documentation: bool = True
    rebuttals: bool = True
    attribution_seconds: int = 2
    read_sessions: bool = True
    reviewers: Mapping[str, ReviewerSettings] = field(default_factory=dict[str, ReviewerSettings])
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def ignores(self, path: str) -> bool:
        """Whether a path relative to the repository's top, `/`-separated, is left out."""
        return rules_of(self.ignore).ignores(path) or rules_of(self.repository_ignore).ignores(path)


@dataclass(frozen=True)
class Key:
    """One setting.

    Args:
        meaning: one or two sentences for the schema, the example and the documentation.
        in_repository: whether `.xreview.toml` may set it.
        environment: the variable that sets it, "" for none.
        adds_up: a list whose layers are joined rather than replaced.
        fallback_environment: variables that give the default, the first one set wins.
    """

    name: str
    kind: ValueKind
    meaning: str
    in_repository: bool = False
    environment: str = ""
    adds_up: bool = False
    fallback_environment: tuple[str, ...] = ()

    @property
    def default(self) -> Any:
        """What holds where nothing sets it, as `Settings` has it."""
        return _DEFAULTS[self.name]

    @property
    def plain_default(self) -> Any:
        """The default as TOML and JSON write it."""
        return self.kind.to_plain(self.default)


_UNSET = Settings()
_DEFAULTS: dict[str, Any] = {item.name: getattr(_UNSET, item.name) for item in fields(Settings)}

KEYS: tuple[Key, ...] = (
    Key(
        "theme",
        Text(),
        "The colours: the name of a theme that ships with the program or lies in the themes "
        "folder beside this file.",
        environment="XREVIEW_THEME",
    ),
    Key(
        "side_by_side",
        Switch(),
        "Show old and new code in two columns instead of one.",
        environment="XREVIEW_SIDE_BY_SIDE",
    ),
    Key(
        "tab_size",
        Whole(1, 16),
        "How many columns a tab takes.",
        environment="XREVIEW_TAB_SIZE",
    ),
    Key(
        "editor",
        Text(is_command=True),
        "The command that opens a file, with its options. Where it is empty, $VISUAL or $EDITOR.",
        environment="XREVIEW_EDITOR",
        fallback_environment=("VISUAL", "EDITOR"),
    ),
    Key(
        "mouse",
        Switch(),
        "Take clicks and the wheel. Without it the terminal's own selection works as usual.",
        environment="XREVIEW_MOUSE",
    ),
    Key(
        "fail_on",
        WordChoice(SEVERITY_WORDS),
        "`review` exits with 1 if a finding at least this severe is open.",
        in_repository=True,
        environment="XREVIEW_FAIL_ON",
    ),
    Key(
        "ignore",
        Sentences(most=200, longest=200, patterns=True),
        "Files to leave out of the review, as in a .gitignore file. The repository's patterns are "
        "added to yours.",
        in_repository=True,
        environment="XREVIEW_IGNORE",
        adds_up=True,
    ),
    Key(
        "conventions",
        Sentences(most=100, longest=500),
        "What is meant to be as it is, one sentence each: reviewers are told. The repository's are "
        "added to yours.",
        in_repository=True,
        adds_up=True,
    ),
    Key(
        "review_with",
        Sentences(most=20, longest=60, names=True),
        "Who reviews, by name. Where it is empty: the analysers, and a model of another family "
        "than the author's, if one can be asked (`xreview-tui models`).",
        environment="XREVIEW_REVIEW_WITH",
    ),
    Key(
        "budget",
        Dollars(1000.0),
        "What the models of one review may cost, in US dollars; the app asks before it is "
        "exceeded.",
        environment="XREVIEW_BUDGET",
    ),
    Key(
        "egress",
        Sentences(most=50, longest=200),
        "Vendors or hosts that may have code of any repository without being asked for: "
        '"anthropic" (its own hosts only), "api.openai.com", "127.0.0.1:11434", or "all".',
        environment="XREVIEW_EGRESS",
    ),
    Key(
        "offline",
        Switch(),
        "Ask nothing that is not on this machine.",
        environment="XREVIEW_OFFLINE",
    ),
    Key(
        "read_documentation",
        Switch(),
        "Whether models read documentation and plain data too; they come last.",
    ),
    Key(
        "rebuttals",
        Switch(),
        "Whether models are asked, once, what they think of what others reported: the author's of "
        "everything, two reviewers of what one of them raised alone.",
        environment="XREVIEW_REBUTTALS",
    ),
    Key(
        "attribution_seconds",
        Whole(1, 60),
        "How many seconds to look for who wrote the change, at most.",
        environment="XREVIEW_ATTRIBUTION_SECONDS",
    ),
    Key(
        "read_sessions",
        Switch(),
        "Look into the transcripts that coding agents keep on this machine for edits that occur "
        "in an uncommitted change. Only tool, model, path and time are kept of them.",
        environment="XREVIEW_READ_SESSIONS",
    ),
    Key(
        "reviewers",
        ReviewerTables(),
        "Models that can review, one table each: a provider (anthropic, openai, google, "
        "compatible, ollama, or an agent), a model, and where its key is. Those of the current "
        "models are there already; a table of the same name replaces one.",
    ),
    Key(
        "keys",
        KeyTable(),
        'Other keys for actions: "action.id" = "key" or a list of keys, [] for none. `?` in the '
        "app lists the actions and their keys.",
    ),
)

KEY_BY_NAME: Mapping[str, Key] = {key.name: key for key in KEYS}
