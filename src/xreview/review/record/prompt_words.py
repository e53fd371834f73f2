"""What each prompt brought, in words."""

from xreview.domain.scorecard.prompt_figures import (
    PromptAccount,
    PromptComparison,
    PromptEffort,
    PromptVerdict,
)
from xreview.domain.scorecard.proportion import FEWEST
from xreview.domain.text import count_of
from xreview.review.record.scorecard_words import NOT_ENOUGH, proportion_words

NO_PROMPTS = (
    "No prompt has been sent yet: the journal names the prompt of every review by a model. Review "
    "a change, then accept, reject or escalate its findings."
)
PROMPT_NOTE = (
    "precision: accepted out of accepted and rejected (95 % interval). A report counts once for "
    "each prompt. Dollars and minutes are what its reviewers used in these sessions, answers to "
    f"other reviewers included. “{NOT_ENOUGH}”: fewer than {FEWEST} decisions"
)
OWN_NOTE = "+yours: with your own words; compare them with `xreview-tui prompt diff`"
REPLIES_TITLE = "Replies that broke the schema"


def comparison_words(comparison: PromptComparison) -> str:
    """`risk/1 and risk/2 can't be told apart yet: their intervals overlap`; raw."""
    one, other = comparison.one, comparison.other
    names = f"{one.prompt.label} and {other.prompt.label}"
    match comparison.verdict:
        case PromptVerdict.THIN:
            return f"{names}: not enough decisions to compare them"
        case PromptVerdict.OVERLAP:
            return f"{names} can't be told apart yet: their intervals overlap"
        case PromptVerdict.APART:
            told = f"{proportion_words(one.precision)} and {proportion_words(other.precision)}"
            return f"{names} differ: {told}"


def prompt_effort_words(effort: PromptEffort, unit: str = "") -> str:
    """`$0.42` with the unit `$`, `12.5` without one; `unknown`. `$0.42 (3/8)`: of 3 of 8
    reviews."""
    if not effort.known:
        return "unknown"
    part = "" if effort.known == effort.of else f" ({effort.known}/{effort.of})"
    amount = f"{unit}{effort.amount:.2f}" if unit else f"{effort.amount:.1f}"
    return f"{amount}{part}"


def unattributed_words(account: PromptAccount) -> str:
    """`3 reports are of a review whose prompt isn't recorded`; "" without any."""
    if not account.unattributed:
        return ""
    verb = "is" if account.unattributed == 1 else "are"
    return f"{count_of(account.unattributed, 'report')} {verb} of reviews without a recorded prompt"


def replies_words(account: PromptAccount) -> list[str]:
    """`gpt-6: 3 of 40 replies broke the schema, 2 repaired` for each model where some did; raw."""
    return [f"{model}: {one.words}" for model, one in account.replies.items() if one.words]
