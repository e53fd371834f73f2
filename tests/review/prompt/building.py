"""Plans over changes given by their texts."""

from collections.abc import Mapping

from tests.analysers.changes import Contents, request
from xreview.domain.change import FileDiff
from xreview.domain.report import Lens
from xreview.ports.model import ModelLimits
from xreview.review.prompt.plan import Plan, PlanSettings, plan
from xreview.review.prompt.room import ContextWindow

SETTINGS = PlanSettings("opus")


async def planned(
    new: Mapping[str, str],
    old: Mapping[str, str] | None = None,
    *extra: FileDiff,
    settings: PlanSettings = SETTINGS,
    budget: int = 100_000,
    lens: Lens = Lens.RISK,
) -> Plan:
    asked = request(new, old, *extra)
    assert isinstance(asked.contents, Contents)
    return await plan(asked.change.files, asked.contents, holding(budget), lens, settings)


def holding(question: int) -> ContextWindow:
    """A model that accepts so many tokens of input."""
    return ContextWindow(ModelLimits(input_tokens=question), answer=16_000)


def questions(plan: Plan) -> set[str]:
    return {part.request.question for part in plan.requests}


def functions(count: int, *, first: int = 0, body: str = "    return value * {}\n") -> str:
    return "".join(
        f"def work_{number}(value):\n" + body.format(number) + "\n"
        for number in range(first, first + count)
    )
