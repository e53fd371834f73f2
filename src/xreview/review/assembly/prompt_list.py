"""The prompts that a user can change, each with its version and digest, and whose words it has."""

from collections.abc import Callable, Mapping
from pathlib import Path

from xreview.domain.record import dataclass
from xreview.domain.report import Lens
from xreview.review.escalate.arbiter import arbiter_template
from xreview.review.escalate.measure import PYTHON, measure_template
from xreview.review.fixing.verdict_schema import verify_template
from xreview.review.prompt.own import OWN_PARTS, OwnPrompt, OwnPrompts, read_own_prompts
from xreview.review.prompt.template import Template
from xreview.review.rebut.rebut import rebut_template

_QUESTIONS: Mapping[str, Callable[[OwnPrompts], Template]] = {
    "rebut": rebut_template,
    "arbiter": arbiter_template,
    "measure": lambda own: measure_template(PYTHON, own),
    "verify": verify_template,
}


@dataclass(frozen=True)
class ListedPrompt:
    """A prompt; `template` is what is sent (for `measure`, about Python), `own` the user's file."""

    name: str
    template: Template
    own: OwnPrompt | None


def list_prompts(folder: Path) -> tuple[ListedPrompt, ...]:
    """Every prompt that can be changed. Raises ConfigError if one in the user's folder is wrong."""
    own = read_own_prompts(folder)
    lenses = {lens.value: own.review(lens) for lens in Lens}
    made = lenses | {name: make(own) for name, make in _QUESTIONS.items()}
    return tuple(ListedPrompt(name, made[name], own.prompts.get(name)) for name in OWN_PARTS)
