"""Which of a vendor's two models a piece of work deserves."""

from xreview.domain.stakes.stakes import EASILY_CHECKED, Risk, Stakes
from xreview.domain.stakes.tier import Tier, TierAdvice
from xreview.domain.text import count_of, shorten, visible

_LONGEST_NAME = 60
_MINUTE = 60
_HOUR = 3600


def advise(stakes: Stakes) -> TierAdvice:
    """Return the fast model if a mistake is cheap and a person could check the result in less than
    `EASILY_CHECKED` seconds, else the deep one."""
    time = time_words(stakes.seconds)
    if stakes.risks:
        why = f"{touches_words(stakes.risks)}{_untested_words(stakes)}"
        return TierAdvice(Tier.DEEP, f"deep: {why}")
    if not stakes.parts:
        return TierAdvice(Tier.DEEP, "deep: nothing is known about the work")
    if stakes.seconds >= EASILY_CHECKED:
        why = f"checking it takes a person about {time}{_untested_words(stakes)}"
        return TierAdvice(Tier.DEEP, f"deep: {why}")
    return TierAdvice(
        Tier.FAST, f"fast: a mistake is cheap, and a person can check it in about {time}"
    )


def touches_words(risks: tuple[Risk, ...]) -> str:
    """What the gravest risk is, where, and how many topics there are besides: `it touches money
    (src/refunds.py)`."""
    first = risks[0]
    others = len({risk.what for risk in risks} - {first.what})
    more = f" and {count_of(others, 'more topic')}" if others else ""
    return f"it touches {first.what} ({risk_place(first)}){more}"


def risk_place(risk: Risk) -> str:
    """Where a risk is, safe to show: a path, or a word with its path."""
    path, word = (shorten(visible(part), _LONGEST_NAME) for part in (risk.path, risk.word))
    said = f"“{word}”" if word else ""
    return " in ".join(filter(None, (said, path or "the task" if said else path)))


def time_words(seconds: float) -> str:
    """A rough time: "20 seconds", "3 minutes", "2 hours"."""
    if seconds < _MINUTE:
        return count_of(max(5, round(seconds / 5) * 5), "second")
    if seconds < _HOUR:
        return count_of(round(seconds / _MINUTE), "minute")
    return count_of(round(seconds / _HOUR), "hour")


def _untested_words(stakes: Stakes) -> str:
    """Whether tests are missing, as far as that was looked up."""
    unnamed = sorted(stakes.unnamed)
    if not unnamed:
        return ""
    if len(unnamed) == 1:
        return f", and no test names `{shorten(visible(unnamed[0]), _LONGEST_NAME)}`"
    return f", and no test names {len(unnamed)} of the changed functions"
