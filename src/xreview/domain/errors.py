"""The one exception tree. Every error says what happened and what to do next.

    XReviewError                 anything this program refuses or fails at, as a sentence
    ├── UsageError               wrong options or configuration            exit 2
    │   └── ConfigError          a configuration file is wrong, with place
    ├── ChangeError              the change can't be read                   exit 2
    ├── ReviewerError            a reviewer failed or was not available     exit 3
    ├── JournalError             the journal can't be read or written       exit 3
    └── InterruptionError        Ctrl+C or SIGTERM before there was a result exit 130

The message goes to the user as it stands (the edge neutralises it); `advice` is the next step.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the headless commands return (design: "What bad input gets")."""

    DONE = 0
    OPEN_FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    INTERRUPTED = 130


class XReviewError(Exception):
    """Base of the tree: `message` says what happened, `advice` what to do next."""

    exit_code = ExitCode.INCOMPLETE

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class UsageError(XReviewError):
    """The options given can't be carried out."""

    exit_code = ExitCode.USAGE


class ConfigError(UsageError):
    """A configuration file is wrong; `path` and 1-based `line` say where, if known."""

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
    """The change can't be read from git or from the patch."""

    exit_code = ExitCode.USAGE


class ReviewerError(XReviewError):
    """A reviewer failed or can't be used; other reviewers go on."""


class JournalError(XReviewError):
    """The journal can't be opened, read or appended to."""


class InterruptionError(XReviewError):
    """The user ended the program before it had anything to show."""

    exit_code = ExitCode.INTERRUPTED
