"""A model or a coding agent as a fixer."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from xreview.domain.fixing.fixer import FixerIdentity
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.ports.request import Effort
from xreview.review.asking.answerer import Voice
from xreview.review.egress.gate import Gate
from xreview.review.fixing.fix_errand import FixErrand
from xreview.review.fixing.fixers import FixerSignal, FixTree
from xreview.review.fixing.order import FixOrder
from xreview.review.tools.toolbox import Toolbox
from xreview.review.writing.running import ERRAND_SECONDS, ErrandRunner, writing_answerer


class AskedFixer:
    """Has a model or an agent fix the findings (`review.fixing.fixers.Fixer`).

    Args:
        toolbox: reads the repository for a model without tools of its own; None for no tools.
        seconds: the time limit of one hand-over.
        ignores: what the settings keep from models.
    """

    def __init__(
        self,
        identity: FixerIdentity,
        voice: Voice,
        gate: Gate,
        toolbox: Toolbox | None = None,
        *,
        effort: Effort | None = None,
        seconds: float = ERRAND_SECONDS,
        ignores: Callable[[str], bool] = lambda path: False,
    ) -> None:
        self._identity = identity
        kind = ReviewerKind(identity.kind.value)
        reviewer = ReviewerIdentity(identity.name, kind, identity.family, identity.model)
        answerer = writing_answerer(reviewer, voice, gate, toolbox, effort)
        self._runner = ErrandRunner(answerer, seconds, ignores)

    @property
    def identity(self) -> FixerIdentity:
        """Who it is."""
        return self._identity

    async def fix(self, order: FixOrder, tree: FixTree) -> AsyncGenerator[FixerSignal, None]:
        """Ask, and stream what happens; the reply comes last."""
        async with aclosing(self._runner.run(FixErrand(order), tree.top)) as signals:
            async for signal in signals:
                yield signal

    async def preview(self, order: FixOrder, tree: FixTree) -> str:
        """What would be sent, word by word. Raises XReviewError."""
        return await self._runner.preview(FixErrand(order), tree.top)
