"""The settings that are tables of their own: `[fix]`, `[attempts]` and `[attention]`."""

from xreview.config.kinds import Dollars, Sentences, SettingsTable, Switch, Text, Whole
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class FixSettings:
    """How accepted findings are fixed.

    Args:
        agent: the fixer's name; "" for the tool that wrote the change, if it is here.
        check: shell commands that a fix must not make worse, such as "make test".
        link: ignored files and folders that the checks need, such as "node_modules".
        budget: the most that a fix can cost, in US dollars.
        minutes: the time limit of a fixer, and of each check.
    """

    agent: str = ""
    check: tuple[str, ...] = ()
    link: tuple[str, ...] = ()
    budget: float = 2.0
    minutes: int = 20


@dataclass(frozen=True, slots=True)
class AttemptSettings:
    """How a task is given to several writers.

    Args:
        writers: their names, with `:fast` for a vendor's lighter model; () for up to three of
            different families.
        budget: the most that a trial can cost, in US dollars, shared evenly by its attempts.
        minutes: the time limit of a writer.
        at_once: how many write at the same time.
        blind: whether the families of the writers are hidden until an attempt is picked.
    """

    writers: tuple[str, ...] = ()
    budget: float = 5.0
    minutes: int = 30
    at_once: int = 3
    blind: bool = True


@dataclass(frozen=True, slots=True)
class AttentionSettings:
    """The least attention of files, as patterns of a .gitignore file by level."""

    skim: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    study: tuple[str, ...] = ()
    decide: tuple[str, ...] = ()


FIX_TABLE = SettingsTable(
    FixSettings,
    {
        "agent": Text(),
        "check": Sentences(most=20, longest=1000),
        "link": Sentences(most=20, longest=500),
        "budget": Dollars(1000.0),
        "minutes": Whole(1, 24 * 60),
    },
)
ATTEMPTS_TABLE = SettingsTable(
    AttemptSettings,
    {
        "writers": Sentences(most=20, longest=60),
        "budget": Dollars(1000.0),
        "minutes": Whole(1, 24 * 60),
        "at_once": Whole(1, 20),
        "blind": Switch(),
    },
)
_PATTERNS = Sentences(most=200, longest=200, patterns=True)
ATTENTION_TABLE = SettingsTable(
    AttentionSettings, dict.fromkeys(("skim", "read", "study", "decide"), _PATTERNS)
)
