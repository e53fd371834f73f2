"""The figures of the scorecard in words, for the terminal and the screen."""

from math import ceil

from xreview.domain.ruling import Ruling
from xreview.domain.scorecard.figures import (
    CatchCount,
    Delay,
    FixerRecord,
    FixSpending,
    OutcomeTally,
    Rate,
    Scorecard,
)
from xreview.domain.scorecard.proportion import FEWEST, Proportion
from xreview.domain.scorecard.scored import Arm
from xreview.domain.text import count_of

THIN_MARK = "*"
UNIT_NOTE = (
    "Reports are counted here, findings in the header: a finding that two reviewers raised is one "
    "report of each."
)
CONTESTS = "Who was right when a model argued against a report"
CATCH_NOTE = (
    "caught: accepted; missed: found by you or in testing; shipped: found in production. A miss "
    "counts against a reviewer that read the file, within its lens"
)
FIX_NOTE = (
    "works: judged fixed, applied in whole, and not undone. Cost per working fix: what all fixes "
    "cost, failed ones too, for each finding that works"
)
NOT_ENOUGH = "not enough"
THIN_NOTE = f"{THIN_MARK} or “{NOT_ENOUGH}”: fewer than {FEWEST} decisions"
SHARE_NOTE = "precision: accepted out of accepted and rejected (95 % interval)"
BAR_NOTE = "bars: solid to the low end of the 95 % interval, shaded to the high end"
SIGHT_NOTE = "accepted problems that it raised, out of those in files it read and within its lens"
NOTHING_YET = (
    "Nothing decided yet: the journal has no reports{scope}. Review a change, then accept, reject "
    "or escalate its findings; your decisions are counted here."
)
ALL_OPEN = (
    "Nothing decided yet: {reports} waiting. Accept, reject or escalate them to fill in the "
    "shares below."
)
ARM_MEANINGS = {
    Arm.CROSS_FAMILY: "another family",
    Arm.SAME_FAMILY: "the author's family",
    Arm.PERSON: "a person",
    Arm.ANALYSER: "an analyser",
    Arm.UNKNOWN_AUTHOR: "author unknown",
}


def author_vendor_words(author: str) -> str:
    """The author's vendor, or "unknown author"."""
    return author or "unknown author"


def proportion_words(share: Proportion) -> str:
    """`65% (43–82%)` with its interval, "not enough" for few decisions, `–` for none."""
    if share.fraction is None or share.interval is None:
        return "–"
    if share.is_thin:
        return NOT_ENOUGH
    low, high = share.interval
    return f"{share.fraction:.0%} ({100 * low:.0f}–{high:.0%})"


def bar(share: Proportion, width: int) -> str:
    """Return a bar of `width` columns, solid up to the lower end of the share's interval and shaded
    up to the upper end: a share of few decisions is never solid throughout."""
    low, high = share.interval or (0.0, 0.0)
    solid, shaded = int(low * width), ceil(high * width)
    return "█" * solid + "▒" * (shaded - solid) + "░" * (width - shaded)


def out_of(share: Proportion) -> str:
    """`3/5`, marked if it is based on few decisions."""
    return f"{share.count}/{share.of}{THIN_MARK if share.is_thin else ''}"


def rate_words(rate: Rate, no_effort: str) -> str:
    """Bugs caught per unit of effort: `3.2`, or `unknown`.

    `3.2 (3/8)`: the effort is known for 3 of 8 sessions, and only these count. `no_effort` is the
    word for an analyser, which is free.
    """
    if not rate.is_known:
        return "unknown"
    part = "" if rate.sessions == rate.of_sessions else f" ({rate.sessions}/{rate.of_sessions})"
    return (no_effort if rate.per_unit is None else f"{rate.per_unit:.2g}") + part


def duration(seconds: float | None) -> str:
    """`42 s`, `3 min`, `5 h`, `2 days`; `–` for none."""
    if seconds is None:
        return "–"
    for limit, size, unit in ((90, 1, "s"), (5400, 60, "min"), (129_600, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} days"


def delay_words(delay: Delay) -> str:
    """`half within 3 min, 9 in 10 within 2 h (of 34)`."""
    if not delay.decided:
        return "nothing decided"
    return (
        f"half within {duration(delay.median)}, 9 in 10 within {duration(delay.p90)} "
        f"(of {delay.decided:,})"
    )


def headline(scorecard: Scorecard) -> str:
    """The totals in one line."""
    since = f" since {scorecard.since[:10]}" if scorecard.since else ""
    total = scorecard.total
    return (
        f"{count_of(total.raised, 'report')} in {count_of(scorecard.sessions, 'session')}{since}: "
        f"{total.accepted:,} accepted, {total.rejections:,} rejected, "
        f"{total.escalated:,} escalated, {total.open:,} open"
    )


def catch_words(count: CatchCount) -> str:
    """`27 caught, 2 missed, 0 shipped`."""
    return f"{count.caught:,} caught, {count.missed:,} missed, {count.shipped:,} shipped"


def fix_outcome_words(record: FixerRecord) -> str:
    """`1 tampered, 2 not verified, 7 fixed`, the worst first; "nothing judged" without any."""
    told = [f"{count:,} {outcome}" for outcome, count in record.outcomes.items()]
    return ", ".join(told) or "nothing judged"


def fix_cost_words(spending: FixSpending) -> str:
    """`$0.41`, marked if it is based on few working fixes; `unknown`, or `–` if none works.

    `$0.41 (3/8)`: the cost of 3 of 8 fixes is known, and only these count.
    """
    if not spending.known:
        return "unknown"
    part = "" if spending.known == spending.fixes else f" ({spending.known}/{spending.fixes})"
    if (cost := spending.per_working) is None:
        return f"–{part}"
    return f"${cost:.2f}{THIN_MARK if spending.working < FEWEST else ''}{part}"


def refuted_words(refuted: Proportion) -> str:
    """`Accepted, but rejected …: 2/31, 6% (2–21%)`; "" without any judged."""
    if not refuted.of:
        return ""
    said = f"{out_of(refuted)}, {proportion_words(refuted)}"
    return f"Accepted, but rejected after a fixer was blocked: {said}"


def emptiness(scorecard: Scorecard) -> str:
    """Why there is little to show; "" once something is decided."""
    total = scorecard.total
    if not total.raised:
        return NOTHING_YET.format(scope=f" since {scorecard.since[:10]}" if scorecard.since else "")
    if total.raised == total.open:
        return ALL_OPEN.format(reports=count_of(total.open, "report"))
    return ""


def reasons_words(tally: OutcomeTally) -> str:
    """`5 intended, 3 reviewer-wrong`, the most frequent first; "" without rejections."""
    ordered = sorted(tally.rejected.items(), key=lambda one: -one[1])
    passed_over = [f"{tally.passed_over:,} passed over for another report"]
    said = [f"{count:,} {reason.value}" for reason, count in ordered]
    return ", ".join(said + passed_over * bool(tally.passed_over))


def contests(scorecard: Scorecard) -> list[tuple[str, tuple[str, ...]]]:
    """How each reviewer's and each author's contests ended, with the counts in the order of
    `Ruling`; raw."""
    reviewers = scorecard.rulings_by_reviewer().items()
    authors = scorecard.rulings_by_author().items()
    told = [
        *((f"reports of {reviewer.label}", rulings) for reviewer, rulings in reviewers),
        *((f"code by {author_vendor_words(author)}", rulings) for author, rulings in authors),
    ]
    return [
        (label, tuple(f"{rulings.get(ruling, 0):,}" for ruling in Ruling))
        for label, rulings in told
    ]


def followed_words(tally: OutcomeTally) -> str:
    """Confirmed fixes and answered escalations; "" if there are none."""
    parts = [
        f"{tally.fixed:,} of the accepted confirmed as fixed" if tally.fixed else "",
        f"{tally.resolved:,} of the escalated answered" if tally.resolved else "",
    ]
    return "; ".join(filter(None, parts))
