"""What a model or an agent is sent to do: the seam between how writers are asked and why."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from xreview.domain.fixing.search_edit import SearchEdit
from xreview.domain.record import dataclass, field
from xreview.ports.failure import Failure
from xreview.ports.request import ModelRequest
from xreview.review.egress.gate import Gate
from xreview.review.writing.tree_files import TreeFiles

_MOST_ERRORS = 10  # in a reply's trouble

Reply = TypeVar("Reply")


@dataclass(frozen=True, slots=True)
class ErrandWords:
    """What is said around an errand.

    Args:
        doing: what is done before anything is asked, for the user: "reading the findings".
        wrong: introduces what is wrong with an answer. again: asks for a whole new one.
        advice: what the user can do about a failure, where that differs from a review.
    """

    doing: str
    wrong: str
    again: str
    advice: Mapping[Failure, str] = field(default_factory=dict[Failure, str])


@dataclass(frozen=True, slots=True)
class ReadAnswer(Generic[Reply]):
    """An answer as read.

    Args:
        reply: what it says.
        edits: the valid ones, in order. removed: the files to remove.
        errors: what is wrong with the answer, one sentence each, for a repair turn.
        remarks: what is missing from the reply and isn't worth asking again, one sentence each.
        is_usable: whether the edits can be made in spite of the errors, if there's no better
            answer.
    """

    reply: Reply
    edits: tuple[SearchEdit, ...] = ()
    removed: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    is_usable: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What a question is made of.

    Args:
        gate: removes what looks like secrets. ignores: what the settings keep from models.
        writes_edits: whether the answer must have edits, since its model can't write files.
    """

    files: TreeFiles
    gate: Gate
    ignores: Callable[[str], bool]
    writes_edits: bool


class Errand(Protocol[Reply]):
    """What is asked, how the answer is read, and what becomes of it."""

    @property
    def words(self) -> ErrandWords:
        """What is said around it."""
        ...

    @property
    def changes_files(self) -> bool:
        """Whether a model without tools of its own answers with edits."""
        ...

    async def request(self, scene: Scene, tokens: int) -> ModelRequest:
        """The question, with at most so many tokens of code; 0 for none, as for an agent, which
        reads it. Raises XReviewError."""
        ...

    def read(self, text: str, *, needs_edits: bool) -> ReadAnswer[Reply]:
        """What an answer says. Slow: it's called in a thread."""
        ...

    def reply(
        self,
        said: Reply | None,
        trouble: str,
        refused: tuple[str, ...] = (),
        failed: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Reply:
        """The reply in the end.

        Args:
            said: what the answer says; None for no answer.
            trouble: why it is absent, malformed or partial; "" if all is well.
            refused: what an agent wasn't permitted to do.
            failed: the errors of files whose edits couldn't be made, by path.
        """
        ...


def trouble_in(errors: Sequence[str]) -> str:
    """The errors of an answer as one paragraph."""
    more = len(errors) - _MOST_ERRORS
    told = " ".join(errors[:_MOST_ERRORS])
    return f"{told} And {more:,} more." if more > 0 else told
