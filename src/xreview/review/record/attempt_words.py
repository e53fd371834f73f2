"""The account of attempts in words, for the terminal and the screen."""

from xreview.domain.scorecard.attempt_figures import (
    AttemptAccount,
    AttemptTally,
    SolutionSpending,
)
from xreview.domain.scorecard.proportion import FEWEST, Proportion
from xreview.domain.text import count_of
from xreview.review.record.scorecard_words import ARM_MEANINGS, THIN_MARK, out_of

ATTEMPT_NOTE = (
    "picked: taken, whole or in a graft, and not given back; green: all checks passed at the first "
    "try, of those with checks; against: findings accepted against them; rounds: fixes of these "
    "after the take; works: picked, checks green, and no accepted high or critical finding open. "
    "Dollars and minutes: what all these attempts took, for each task with a working solution"
)

DOLLARS, MINUTES = "${:.2f}", "{:.1f}"
"""The forms of amounts."""
_ARMS = {arm: meaning.replace("author", "writer") for arm, meaning in ARM_MEANINGS.items()}


def attempts_headline(account: AttemptAccount) -> str:
    """`12 attempts at 4 tasks`."""
    return f"{count_of(account.attempts, 'attempt')} at {count_of(account.trials, 'task')}"


def attempt_groups(
    account: AttemptAccount,
) -> list[tuple[str, list[tuple[str, AttemptTally]]]]:
    """Each way to group attempts that has any group: its title, and the raw label and the tally of
    each group."""
    groups = [
        ("by writer", [(one.label, tally) for one, tally in account.writers.items()]),
        ("by reviewer", [(one.label, tally) for one, tally in account.reviewers.items()]),
        ("by kind of task", list(account.kinds.items())),
        ("by who reviewed them", [(_ARMS[arm], one) for arm, one in account.arms.items()]),
    ]
    return [(title, rows) for title, rows in groups if rows]


def first_try_words(share: Proportion) -> str:
    """`3/5`, marked if few; `–` where no attempt had checks."""
    return out_of(share) if share.of else "–"


def solution_words(spending: SolutionSpending, form: str) -> str:
    """The amount for each working solution, as `form` writes it: `$0.41`, marked if few work.

    `unknown`; `–` if nothing works; `$0.41 (3/8)`: that of 3 of 8 attempts is known, and only these
    count.
    """
    if not spending.known:
        return "unknown"
    part = "" if spending.known == spending.attempts else f" ({spending.known}/{spending.attempts})"
    if (each := spending.per_working) is None:
        return f"–{part}"
    return f"{form.format(each)}{THIN_MARK if spending.working < FEWEST else ''}{part}"


def attempt_tally_words(tally: AttemptTally) -> tuple[str, str]:
    """`4 tried, 2 picked (1 in a graft), 3/4* green, 1 against, 0 rounds` and `2 work: $0.41* and
    3.5* minutes each`."""
    grafted = f" ({tally.grafted:,} in a graft)" if tally.grafted else ""
    each = solution_words(tally.dollars, DOLLARS), solution_words(tally.minutes, MINUTES)
    return (
        f"{tally.attempts:,} tried, {tally.picked:,} picked{grafted}, "
        f"{first_try_words(tally.first_try)} green, {tally.accepted:,} against, "
        f"{count_of(tally.rounds, 'round')}",
        f"{count_of(tally.working, 'works', 'work')}: {each[0]} and {each[1]} minutes each",
    )
