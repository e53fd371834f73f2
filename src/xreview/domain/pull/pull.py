"""A pull or merge request, as its forge describes it. All of its texts are untrusted."""

from enum import StrEnum

from xreview.domain.pull.address import PullAddress
from xreview.domain.record import dataclass, field


class PullState(StrEnum):
    """Whether it can still be merged."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ForgeAccount:
    """Somebody at a forge: a person, or a bot if the forge says so.

    `login` is raw, as the forge's API gives it: "Copilot", "coderabbitai[bot]".
    """

    login: str
    is_bot: bool = False

    @property
    def key(self) -> str:
        """The login for comparing: in lower case, without `[bot]`; forges aren't consistent."""
        return self.login.lower().removesuffix("[bot]")


@dataclass(frozen=True, slots=True)
class PullSide:
    """One side of a pull request.

    Args:
        branch: the branch's name. commit: its full object id.
        project: where the branch is, "owner/repository"; "" if that was deleted.
    """

    branch: str
    commit: str
    project: str


@dataclass(frozen=True, slots=True)
class LinkedIssue:
    """An issue that the pull request closes, or that its description names."""

    mark: str
    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request.

    Args:
        start: the full id of the commit that the diff at the forge begins with, the merge base;
            "" if the forge doesn't say.
        files: how many files it changes; None if the forge doesn't say.
        asked: who is asked for a review and hasn't given it.
        default_branch: of the target repository; "" if unknown.
        gaps: clauses about what could not be read of it, each after “not read:”.
    """

    address: PullAddress
    title: str
    body: str
    author: ForgeAccount
    state: PullState
    is_draft: bool
    base: PullSide
    head: PullSide
    start: str = ""
    files: int | None = None
    issues: tuple[LinkedIssue, ...] = ()
    asked: tuple[ForgeAccount, ...] = ()
    default_branch: str = ""
    gaps: tuple[str, ...] = ()

    @property
    def is_fork(self) -> bool:
        """Whether its branch is in another repository than the target's."""
        return self.head.project != self.base.project

    @property
    def state_words(self) -> str:
        """“open”, “draft”, “merged”, “closed”."""
        return "draft" if self.is_draft and self.state is PullState.OPEN else str(self.state)


@dataclass(frozen=True, slots=True)
class PullSummary:
    """A pull request in a list. `updated` is ISO 8601, "" if unknown."""

    address: PullAddress
    title: str
    author: ForgeAccount
    is_draft: bool = False
    updated: str = ""
    branch: str = ""
    asked: tuple[ForgeAccount, ...] = field(default=())
