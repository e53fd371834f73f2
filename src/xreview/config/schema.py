"""Every setting's name, kind, meaning, and who can set it.

The loader, its messages, the JSON schema and the example file are generated from `KEYS`.
"""

from collections.abc import Mapping
from enum import StrEnum

from xreview.config.forges import ForgeTable
from xreview.config.ignore import rules_of
from xreview.config.key import Key
from xreview.config.kinds import (
    Dollars,
    KeyTable,
    Sentences,
    Switch,
    Text,
    Whole,
    WordChoice,
)
from xreview.config.levels import LevelChoice
from xreview.config.reviewers import ReviewerTables
from xreview.config.tables import (
    ATTEMPTS_TABLE,
    ATTENTION_TABLE,
    FIX_TABLE,
    AttemptSettings,
    AttentionSettings,
    FixSettings,
)
from xreview.domain.pull.address import ForgeKind
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Severity
from xreview.ports.provider import ReviewerSettings

SEVERITY_WORDS: Mapping[str, Severity] = {severity.word: severity for severity in Severity}


class TierSetting(StrEnum):
    """Which of a vendor's two models reviews a change."""

    AUTO = "auto"
    FAST = "fast"
    DEEP = "deep"


class Notify(StrEnum):
    """How the terminal tells that a long review is over."""

    OFF = "off"
    BELL = "bell"
    OSC9 = "osc9"
    OSC777 = "osc777"


@dataclass(frozen=True)
class Settings:
    """The current settings; `KEYS` documents them.

    `ignore` is the user's list and `repository_ignore` the reviewed repository's; they are separate
    so that a repository's `!pattern` can't include what the user ignores. The same holds for
    `attention`.
    """

    theme: str = "dark"
    side_by_side: bool = False
    tab_size: int = 4
    editor: str = ""
    mouse: bool = True
    notify: Notify = Notify.BELL
    fail_on: Severity = Severity.LOW
    require_human: int = 0
    ignore: tuple[str, ...] = ()
    repository_ignore: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    review_with: tuple[str, ...] = ()
    tier: TierSetting = TierSetting.AUTO
    budget: float = 1.0
    egress: tuple[str, ...] = ()
    offline: bool = False
    read_documentation: bool = True
    rebuttals: bool = True
    attribution_seconds: int = 2
    read_sessions: bool = True
    reviewers: Mapping[str, ReviewerSettings] = field(default_factory=dict[str, ReviewerSettings])
    fix: FixSettings = field(default_factory=FixSettings)
    attempts: AttemptSettings = field(default_factory=AttemptSettings)
    attention: AttentionSettings = field(default_factory=AttentionSettings)
    repository_attention: AttentionSettings = field(default_factory=AttentionSettings)
    forges: Mapping[str, ForgeKind] = field(default_factory=dict[str, ForgeKind])
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def ignores(self, path: str) -> bool:
        """Return whether a `/`-separated path, relative to the repository's top, is ignored."""
        return rules_of(self.ignore).ignores(path) or rules_of(self.repository_ignore).ignores(path)


_KEYS = (
    Key(
        "theme",
        Text(),
        "The colour theme: a built-in one, or one from the themes folder next to this file.",
        environment="XREVIEW_THEME",
    ),
    Key(
        "side_by_side",
        Switch(),
        "Show old and new code side by side.",
        environment="XREVIEW_SIDE_BY_SIDE",
    ),
    Key(
        "tab_size",
        Whole(1, 16),
        "The width of a tab in columns.",
        environment="XREVIEW_TAB_SIZE",
    ),
    Key(
        "editor",
        Text(is_command=True),
        "The command that opens a file, with its options. Defaults to $VISUAL or $EDITOR.",
        environment="XREVIEW_EDITOR",
        fallback_environment=("VISUAL", "EDITOR"),
    ),
    Key(
        "mouse",
        Switch(),
        "Use the mouse. When off, the terminal's own text selection works as usual.",
        environment="XREVIEW_MOUSE",
    ),
    Key(
        "notify",
        WordChoice({one.value: one for one in Notify}),
        "How the terminal tells that a review of more than ten seconds is over: its bell, or a "
        "desktop notification by OSC 9 (iTerm2, WezTerm, Windows Terminal) or OSC 777 (foot, "
        "Ghostty, urxvt).",
        environment="XREVIEW_NOTIFY",
    ),
    Key(
        "fail_on",
        WordChoice(SEVERITY_WORDS),
        "`review` exits with 1 if a finding of at least this severity is open.",
        in_repository=True,
        environment="XREVIEW_FAIL_ON",
    ),
    Key(
        "require_human",
        LevelChoice(),
        "`review` exits with 1 if a person didn't look at what deserves at least this attention: "
        "1 to 5, or its word; 0 to not require it. A repository can only raise it.",
        in_repository=True,
        environment="XREVIEW_REQUIRE_HUMAN",
        only_rises=True,
    ),
    Key(
        "ignore",
        Sentences(most=200, longest=200, patterns=True),
        "Files to exclude from the review, as in a .gitignore file. The repository's patterns are "
        "added to yours.",
        in_repository=True,
        environment="XREVIEW_IGNORE",
        adds_up=True,
        repository_field="repository_ignore",
    ),
    Key(
        "conventions",
        Sentences(most=100, longest=500),
        "Conventions for reviewers to respect, one sentence each. The repository's are added to "
        "yours.",
        in_repository=True,
        adds_up=True,
    ),
    Key(
        "review_with",
        Sentences(most=20, longest=60, names=True),
        "The names of the reviewers. When empty: the analysers, and a model from another vendor "
        "than the author's, if available (`xreview-tui models`).",
        environment="XREVIEW_REVIEW_WITH",
    ),
    Key(
        "tier",
        WordChoice({one.value: one for one in TierSetting}),
        "Which of a vendor's two models reviews a change: the `deep` one, or the `fast` one, which "
        "is its `lighter` one. `auto` chooses the fast one only for a change that deserves little "
        "attention: `skip` or `skim`.",
        environment="XREVIEW_TIER",
    ),
    Key(
        "budget",
        Dollars(1000.0),
        "The most that the models of one review can cost, in US dollars; the app asks before "
        "exceeding it.",
        environment="XREVIEW_BUDGET",
    ),
    Key(
        "egress",
        Sentences(most=50, longest=200),
        "Vendors or hosts that can receive any repository's code without a prompt: "
        '"anthropic" (its own hosts only), "api.openai.com", "127.0.0.1:11434", or "all".',
        environment="XREVIEW_EGRESS",
    ),
    Key(
        "offline",
        Switch(),
        "Contact nothing outside this machine.",
        environment="XREVIEW_OFFLINE",
    ),
    Key(
        "read_documentation",
        Switch(),
        "Whether models also review documentation and plain data, after the code.",
    ),
    Key(
        "rebuttals",
        Switch(),
        "Whether models are asked once about others' findings: the author's model about all, and "
        "two reviewers about those that only one of them raised.",
        environment="XREVIEW_REBUTTALS",
    ),
    Key(
        "attribution_seconds",
        Whole(1, 60),
        "The time limit for finding the change's author, in seconds.",
        environment="XREVIEW_ATTRIBUTION_SECONDS",
    ),
    Key(
        "read_sessions",
        Switch(),
        "Search coding agents' transcripts on this machine for the edits in an uncommitted change. "
        "Only tool, model, path and time are stored.",
        environment="XREVIEW_READ_SESSIONS",
    ),
    Key(
        "reviewers",
        ReviewerTables(),
        "Models that can review, one table each: a provider, a model, and where its key is. Tables "
        "for the current models are built in; one of the same name replaces it.",
    ),
    Key(
        "fix",
        FIX_TABLE,
        "How accepted findings are fixed: the agent (by default the tool that wrote the change), "
        "the shell commands that must not get worse, the ignored files that they need (linked into "
        "the disposable tree), the most it can cost in US dollars, and the time limit.",
    ),
    Key(
        "attempts",
        ATTEMPTS_TABLE,
        "How a task is given to several writers: their names (by default up to three of different "
        "families; `:fast` after a name asks its lighter model), the most that all can cost in US "
        "dollars, the time limit of each, how many write at once, and whether their families are "
        "hidden until you pick an attempt. The checks are those of `fix.check`.",
    ),
    Key(
        "attention",
        ATTENTION_TABLE,
        "The least attention of files, as patterns of a .gitignore file: `skim`, `read`, `study`, "
        "or `decide`. They only raise levels; the repository's patterns are added to yours.",
        in_repository=True,
        repository_field="repository_attention",
    ),
    Key(
        "forges",
        ForgeTable(),
        'Hosts of your own with pull requests, and what they run: "git.example.com" = "gitlab" '
        "(or github, gitea, forgejo, bitbucket). The public ones are known.",
    ),
    Key(
        "keys",
        KeyTable(),
        'Key bindings: "action.id" = "key" or a list of keys, [] for none. Press `?` in the app to '
        "list the actions and their keys.",
    ),
)
_UNSET = Settings()

KEYS = tuple(replace(key, default=getattr(_UNSET, key.name)) for key in _KEYS)
KEY_BY_NAME: Mapping[str, Key] = {key.name: key for key in KEYS}
