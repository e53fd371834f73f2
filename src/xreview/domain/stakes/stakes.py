"""What a mistake in a piece of work would cost, and how long a person needs to check the result.

The time is an estimate to tell a glance from a reading, not a measurement:

    a changed file: 5 s to open it + its changed lines x the seconds of its form
                    (half for logic whose changed names all occur in tests)
    a task:         the number of its demands x the seconds of its form
    what can't be read as text: a minute

Code takes 9 s a line, which is 400 lines an hour: above 300 to 500, reviewers find far less (Cohen,
Teleki and Brown, "Best Kept Secrets of Peer Code Review", 2006, on 2,500 reviews at Cisco). Text
takes 2.5 s a line, which is ten words at 238 words a minute (Brysbaert, "How many words do we read
per minute?", Journal of Memory and Language 109, 2019). The other figures are our own estimates.
"""

from enum import IntEnum, StrEnum

from xreview.domain.record import dataclass, field

EASILY_CHECKED = 30.0
"""Seconds. Below this, a person sees at a glance whether the result is right."""

_OPENING_SECONDS = 5.0
_OPAQUE_SECONDS = 60.0
_TESTED_SHARE = 0.5


class WorkKind(StrEnum):
    """What a piece of work touches most."""

    AUTHENTICATION = "authentication"
    MONEY = "money"
    MIGRATION = "migration"
    CONCURRENCY = "concurrency"
    STORED_DATA = "stored data"
    TESTS = "tests"
    DOCUMENTATION = "documentation"
    INTERFACE = "interface"
    OTHER = "other"


class WorkForm(StrEnum):
    """How the result is checked."""

    TEXT = "text"
    DATA = "data"
    INTERFACE = "interface"
    """A look at the screen shows whether it is right."""
    ROUTINE = "routine"
    """Code as there is much of it; what it puts out shows whether it is right."""
    LOGIC = "logic"
    OPAQUE = "opaque"
    """Nothing that can be read as text: binary files, submodules, what is cut off."""


_LINE_SECONDS = {
    WorkForm.TEXT: 2.5,
    WorkForm.DATA: 3.0,
    WorkForm.INTERFACE: 4.0,
    WorkForm.ROUTINE: 6.0,
    WorkForm.LOGIC: 9.0,
    WorkForm.OPAQUE: 9.0,
}
_DEMAND_SECONDS = {
    WorkForm.TEXT: 10.0,
    WorkForm.DATA: 15.0,
    WorkForm.INTERFACE: 20.0,
    WorkForm.ROUTINE: 25.0,
    WorkForm.LOGIC: 120.0,
    WorkForm.OPAQUE: 120.0,
}


class RiskCost(IntEnum):
    """What a mistake costs."""

    SOME = 1
    """It is noticed, and mended."""
    MUCH = 2


@dataclass(frozen=True, slots=True)
class Risk:
    """Something in which a mistake is expensive.

    Args:
        what: in words: "money".
        path: the file that touches it, raw; "" for the words of a task.
        word: the word that shows it, raw; "" if the path does.
        cost: SOME as well if all that shows it is a word that often means something else.
        is_final: what it does can't be undone.
        is_testable: whether tests could run what touches it.
    """

    what: str
    kind: WorkKind
    path: str = ""
    word: str = ""
    cost: RiskCost = RiskCost.MUCH
    is_final: bool = False
    is_testable: bool = True


class Hidden(StrEnum):
    """Why a diff doesn't show all that changed."""

    NOTHING = ""
    BINARY = "it is binary"
    MODE = "its mode changes"
    LINK = "it is a symbolic link"
    SUBMODULE = "it is a submodule, whose code isn't in the diff"
    CUT = "a part of its diff is missing"
    UNREAD = "the change is too large to look at all of it"


class TestEdit(IntEnum):
    """What a change does to a file of tests; larger needs more reading."""

    __test__ = False  # for pytest

    NO_TEST = 0
    """It isn't one, by its name."""
    ADDED = 1
    """It only adds to it."""
    ALTERED = 2
    """It replaces lines, and with them what is expected."""
    WEAKENED = 3
    """It removes more checks than it adds, skips a test, or deletes the file."""


@dataclass(frozen=True, slots=True)
class FileToCheck:
    """A changed file.

    Args:
        lines: changed ones; a very long line counts as several.
        names: the functions and classes that changed, as far as they were looked up in tests.
        unnamed: those of them that no test names.
        newly_named: those that only tests name which the change itself adds or alters.
        is_partly_known: there are more names than were looked up.
        old_path: the path before, if it differs.
        hidden: why the diff doesn't show all of it.
    """

    path: str
    form: WorkForm
    lines: int
    names: frozenset[str] = frozenset()
    unnamed: frozenset[str] = frozenset()
    newly_named: frozenset[str] = frozenset()
    is_partly_known: bool = False
    old_path: str = ""
    hidden: Hidden = Hidden.NOTHING
    tests: TestEdit = TestEdit.NO_TEST

    @property
    def is_tested(self) -> bool:
        """Whether tests that the change leaves alone name all that changed."""
        return bool(self.names) and not (self.unnamed or self.newly_named or self.is_partly_known)

    @property
    def seconds(self) -> float:
        """The estimated time to check it."""
        if self.form is WorkForm.OPAQUE:
            return _OPAQUE_SECONDS
        share = _TESTED_SHARE if self.is_tested and self.form is WorkForm.LOGIC else 1.0
        return _OPENING_SECONDS + self.lines * _LINE_SECONDS[self.form] * share


@dataclass(frozen=True, slots=True)
class TaskToCheck:
    """What a task asks for: as many things as it has `demands`."""

    form: WorkForm
    demands: int

    @property
    def seconds(self) -> float:
        """The estimated time to check the result."""
        return self.demands * _DEMAND_SECONDS[self.form]


@dataclass(frozen=True)
class Stakes:
    """What is known about a piece of work before anyone does or reads it.

    Args:
        risks: the gravest first; one for each file and topic. () if a mistake is cheap.
    """

    kind: WorkKind = WorkKind.OTHER
    risks: tuple[Risk, ...] = ()
    parts: tuple[FileToCheck | TaskToCheck, ...] = field(default=())

    @property
    def seconds(self) -> float:
        """The estimated time to check all of it."""
        return sum(part.seconds for part in self.parts)

    @property
    def unnamed(self) -> frozenset[str]:
        """The changed functions and classes that no test names."""
        files = (part for part in self.parts if isinstance(part, FileToCheck))
        return frozenset(name for file in files for name in file.unnamed)
