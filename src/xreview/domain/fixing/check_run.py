"""What the user's checks say before and after a fix."""

from collections.abc import Iterable, Mapping

from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One run of one check.

    Args:
        command: as the user wrote it.
        code: its exit code; None if it didn't end in time or couldn't be started (see `trouble`).
        output: the end of what it printed, raw.
        failed: the names of failed tests, where its output tells them.
        passed: how many tests passed; None where its output doesn't tell.
    """

    command: str
    code: int | None
    seconds: float
    output: str = ""
    failed: tuple[str, ...] = ()
    passed: int | None = None
    trouble: str = ""

    @property
    def is_green(self) -> bool:
        """Whether it succeeded."""
        return self.code == 0


@dataclass(frozen=True, slots=True)
class CheckChange:
    """How one check compares: `after` is None if it wasn't run again."""

    before: CheckRun | None
    after: CheckRun | None

    @property
    def newly_failed(self) -> tuple[str, ...]:
        """The tests that fail now and didn't fail before."""
        if self.after is None:
            return ()
        known = set(self.before.failed) if self.before else set[str]()
        return tuple(name for name in self.after.failed if name not in known)

    @property
    def is_worse(self) -> bool:
        """Whether it was green and isn't any more, or other tests fail than before."""
        if self.before is None or self.after is None or self.before.code is None:
            return False
        return (self.before.is_green and not self.after.is_green) or bool(self.newly_failed)

    @property
    def is_conclusive(self) -> bool:
        """Whether it ran to its end both times."""
        runs = (self.before, self.after)
        return all(run is not None and run.code is not None for run in runs)


CUT_OFF = "it was cut off before it ended"
"""The trouble of a check that nothing is known about."""


def check_changes(
    commands: Iterable[str], before: Mapping[str, CheckRun], after: Mapping[str, CheckRun]
) -> tuple[CheckChange, ...]:
    """Compare the runs of commands, by command; one that didn't run again doesn't pass for one that
    succeeded."""
    return tuple(
        CheckChange(
            before.get(command),
            after.get(command)
            or (None if command in before else CheckRun(command, None, 0.0, trouble=CUT_OFF)),
        )
        for command in dict.fromkeys(commands)
    )


def got_worse(changes: Iterable[CheckChange]) -> tuple[CheckChange, ...]:
    """The checks that got worse."""
    return tuple(one for one in changes if one.is_worse)
