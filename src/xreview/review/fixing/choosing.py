"""Chooses who fixes: by default the tool that wrote the change, which knows its own code."""

from collections.abc import Iterable, Sequence

from xreview.domain.authorship.author import Author
from xreview.domain.errors import UsageError
from xreview.domain.fixing.fixer import MECHANICAL, FixerIdentity, FixerKind
from xreview.domain.record import dataclass, replace
from xreview.domain.report import ReviewerKind
from xreview.domain.text import count_of
from xreview.review.asking.prospects import Prospect

_KINDS = {ReviewerKind.AGENT: FixerKind.AGENT, ReviewerKind.MODEL: FixerKind.MODEL}


@dataclass(frozen=True, slots=True)
class FixerChoice:
    """A fixer to choose from.

    Args:
        why_not: why it can't be used, in a few words; "" if it can.
        is_default: whether it is taken if the user names none.
        about: what to know before choosing it, in a few words.
    """

    identity: FixerIdentity
    why_not: str = ""
    is_default: bool = False
    about: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether it can be chosen."""
        return not self.why_not


def fixer_choices(
    prospects: Iterable[Prospect], author: Author, replacements: int, preferred: str = ""
) -> tuple[FixerChoice, ...]:
    """The fixers, the default first: the preferred one, else the author's tool, an agent of its
    family, any agent, a model of its family, any model; the suggestions if nobody else can.

    Args:
        replacements: how many of the findings have a replacement to apply as it is.
        preferred: the name in the setting `fix.agent`; "" for none.

    Raises UsageError if the preferred one doesn't exist or can't be used.
    """
    found = sorted(map(_choice, prospects), key=lambda one: _rank(one, author))
    choices = (*found, _mechanical(replacements))
    if preferred:
        first = named_fixer(choices, preferred)
    else:
        first = next((one for one in choices if one.is_usable), choices[-1])
    others = (one for one in choices if one is not first)
    return (replace(first, is_default=first.is_usable), *others)


def named_fixer(choices: Sequence[FixerChoice], name: str) -> FixerChoice:
    """The fixer of that name. Raises UsageError if there is none or it can't be used."""
    found = next((one for one in choices if one.identity.name == name), None)
    if found is None:
        there = ", ".join(one.identity.name for one in choices)
        raise UsageError(f"Unknown fixer “{name}”.", f"Use one of: {there}.")
    if found.why_not:
        raise UsageError(f"{name} can't fix: {found.why_not}.", "Choose another with --agent.")
    return found


def _choice(prospect: Prospect) -> FixerChoice:
    who = prospect.identity
    kind = _KINDS[prospect.kind]
    identity = FixerIdentity(who.name, kind, who.vendor, who.model)
    about = "edits the files itself" if kind is FixerKind.AGENT else "answers with edits"
    return FixerChoice(identity, prospect.why_not, about=about)


def _mechanical(replacements: int) -> FixerChoice:
    if not replacements:
        return FixerChoice(MECHANICAL, "no accepted finding has a replacement")
    return FixerChoice(
        MECHANICAL, about=f"{count_of(replacements, 'replacement')}, without a model"
    )


def _rank(choice: FixerChoice, author: Author) -> tuple[bool, bool, bool, bool]:
    """The preference, the smallest first."""
    identity = choice.identity
    return (
        not choice.is_usable,
        identity.kind is not FixerKind.AGENT,
        identity.name != author.tool,
        not author.family or identity.family != author.family,
    )
