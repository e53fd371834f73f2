"""What is known of an agent on this machine, found out without running more than `--version`."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from xreview.agents.finding.elsewhere import USUAL, Destination


class Login(StrEnum):
    """Whether an agent can reach its vendor, judged by what is there, never by trying."""

    LOGGED_IN = "logged in"
    LOGGED_OUT = "not logged in"
    UNKNOWN = "unknown"
    """It may keep its login in the OS keyring, which is not asked."""


@dataclass(frozen=True, slots=True)
class Configured:
    """What an agent's own files and the environment say.

    Args:
        model: which model it would run, as its option takes it; "" where it chooses by itself.
        vendor: the family of that model; "" where nobody knows.
        destination: where its requests go.
    """

    login: Login
    model: str = ""
    vendor: str = ""
    destination: Destination = USUAL


@dataclass(frozen=True, slots=True)
class Detected:
    """An agent as found.

    Args:
        program: its absolute path; None where there is none.
        version: "2.1.330"; "" where it does not tell.
        is_known_version: whether it is one that this program was tried with.
        why_not: why it can't be used, in a few words after a colon; "" where it can.
        notice: a sentence to know before it is used; "" for nothing.
        destination: where its requests go.
    """

    program: Path | None = None
    version: str = ""
    is_known_version: bool = False
    login: Login = Login.UNKNOWN
    vendor: str = ""
    model: str = ""
    why_not: str = ""
    notice: str = ""
    destination: Destination = USUAL
