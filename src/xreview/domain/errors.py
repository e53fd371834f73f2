"""The one exception tree. Every error says what happened and what to do next.

    XReviewError                 anything this program refuses or fails at
    ├── UsageError               wrong options or configuration             exit 2
    │   └── ConfigError          an error in a configuration file, with its place
    ├── ChangeError              the change can't be read                   exit 2
    ├── ReviewerError            a reviewer failed or isn't available       exit 3
    ├── ForgeError               a forge refused, or can't be reached       exit 3
    ├── JournalError             the journal can't be read or written       exit 3
    └── InterruptionError        Ctrl+C or SIGTERM before there's a result  exit 130

The user sees message and advice unchanged, except that the edge neutralises them.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of headless commands (design: "What bad input gets")."""

    DONE = 0
    OPEN_FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    INTERRUPTED = 130


class XReviewError(Exception):
    """Base of the tree. `message` says what happened, `advice` what to do next."""

    exit_code = ExitCode.INCOMPLETE

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class UsageError(XReviewError):
    """The given options can't be used."""

    exit_code = ExitCode.USAGE


class ConfigError(UsageError):
    """An error in a configuration file, at `path` and 1-based `line` if known."""

    def __init__(
        self, message: str, advice: str = "", *, path: str = "", line: int | None = None
    ) -> None:
        super().__init__(message, advice)
        self.path = path
        self.line = line

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        return place + super().__str__()


class ChangeError(XReviewError):
    """The change can't be read from git or the patch."""

    exit_code = ExitCode.USAGE


class ReviewerError(XReviewError):
    """A reviewer failed or isn't available; the others continue."""


class JournalError(XReviewError):
    """The journal can't be opened, read or appended to."""


class InterruptionError(XReviewError):
    """The program was interrupted before it had a result."""

    exit_code = ExitCode.INTERRUPTED
