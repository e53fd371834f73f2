"""Who can write, and who sits where."""

import hashlib
from collections.abc import Iterable, Sequence

from xreview.domain.attempt.seat import LABELS, Preset, Seat
from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.stakes.tier import Tier, TierAdvice
from xreview.domain.text import visible
from xreview.review.asking.prospects import Prospect
from xreview.review.attempts.wish import TrialWish

_MOST_BY_DEFAULT = 3
_SWAPPING = 2
_SEE_MODELS = "`xreview-tui models` lists all models and what each one lacks."


@dataclass(frozen=True, slots=True)
class WriterChoice:
    """A writer to choose from.

    Args:
        identity: with the model of its tier.
        why_not: why it can't be used, in a few words; "" if it can.
        is_default: whether it writes if the user names nobody.
        about: what to know before choosing it, in a few words.
    """

    identity: ReviewerIdentity
    tier: Tier
    why_not: str = ""
    is_default: bool = False
    about: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether it can be chosen."""
        return not self.why_not


def writer_choices(
    prospects: Iterable[Prospect], wanted: Sequence[str] = ()
) -> tuple[WriterChoice, ...]:
    """Return each prospect in each of its tiers: those that write by default first, then the usable
    ones, agents before models.

    `wanted` names those that write by default, as in the settings. Without, these are up to three
    of different families: agents before models, because an agent reads and tests for itself, and
    models on this machine only if there is nothing else.

    Raises UsageError for a malformed name in `wanted`.
    """
    found = sorted(prospects, key=_preference)
    named = {parse_writer(name) for name in wanted}
    usual = {one.settings.name for one in _usual(found) if not named}

    def is_default(name: str, tier: Tier) -> bool:
        if (name, tier) in named:
            return True
        return tier is Tier.DEEP and (name in usual or (name, None) in named)

    choices = [
        WriterChoice(
            _identity(one, tier), tier, one.why_not, is_default(one.settings.name, tier), about
        )
        for one in found
        for tier, about in _tiers(one)
    ]
    return tuple(sorted(choices, key=lambda one: (not one.is_default, not one.is_usable)))


def parse_writer(text: str) -> tuple[str, Tier | None]:
    """Read a writer as the user names it: `claude`, `claude:fast`, `claude:deep`.

    The tier is None where none is named. A colon followed by anything else belongs to the name, as
    in `ollama:qwen3-coder`. Raises UsageError for a name that is empty.
    """
    name, separator, tier = text.strip().rpartition(":")
    if not separator or tier not in tuple(Tier):
        name, tier = text.strip(), ""
    if not name or name.endswith(":"):
        tiers = " or ".join(f"NAME:{tier}" for tier in Tier)
        raise UsageError(f"“{visible(text)}” names no writer.", f"Write NAME, {tiers}.")
    return name, Tier(tier) if tier else None


def seats_for(
    wish: TrialWish,
    choices: Sequence[WriterChoice],
    default: Sequence[str],
    advice: TierAdvice,
    seed: str = "",
) -> tuple[Seat, ...]:
    """Seat the writers, and the reviewers where a preset says who reviews.

    Labels don't follow the order in which writers are named, which would tell who wrote what; the
    same seed gives the same order.

    Args:
        default: the names of the settings; () for those that are the default among the choices.
        advice: the tier of writers for whom neither the user nor a preset names one. A writer
            without a fast model stays deep.
        seed: the trial's id; "" for the task.

    Raises UsageError if a writer is unknown or can't be used, if there are more than 20, or if the
    preset needs other families or tiers than there are.
    """
    table = _Table(choices, Tier.FAST if wish.preset is Preset.FAST_DEEP else None, advice.tier)
    names = wish.writers or tuple(default)
    match wish.preset:
        case Preset.SWAP:
            chosen = _pair(table, wish.writers, names)
        case Preset.THREE:
            chosen = _three(table, wish.writers, names)
        case Preset.FAST_DEEP | None:
            chosen = table.named(names) if names else table.usual()
    if len(chosen) > len(LABELS):
        raise UsageError(
            f"There are {len(chosen)} writers, and at most {len(LABELS)} are allowed.",
            "Name fewer.",
        )
    return _seated(_shuffled(chosen, seed or wish.task), wish.preset)


@dataclass(frozen=True, slots=True)
class _Table:
    """The choices, and the tier of writers without one: `forced` by a preset, else `advised`."""

    choices: Sequence[WriterChoice]
    forced: Tier | None
    advised: Tier

    def named(self, names: Sequence[str]) -> list[WriterChoice]:
        """The writers of these names. Raises UsageError."""
        return [self._named(*parse_writer(name)) for name in names]

    def usual(self) -> list[WriterChoice]:
        """Up to three of different families, or who writes by default. Raises UsageError."""
        if self.forced is None:
            default = [one for one in self.choices if one.is_default and one.is_usable]
            names = dict.fromkeys(one.identity.name for one in default)
            if not names:
                raise UsageError("No model or agent can write.", _SEE_MODELS)
            return [self._named(name, None) for name in names]
        found = self.families()[:_MOST_BY_DEFAULT]
        if not found:
            raise UsageError(
                "No writer has a fast model.", "Set `lighter` in its [reviewers.NAME] table."
            )
        return found

    def families(self) -> list[WriterChoice]:
        """The preferred usable writer of each known family."""
        tier = self.forced or Tier.DEEP
        found: dict[str, str] = {}
        for one in self.choices:
            if one.is_usable and one.tier is tier and one.identity.family:
                found.setdefault(one.identity.family, one.identity.name)
        return [self._named(name, self.forced) for name in found.values()]

    def _named(self, name: str, tier: Tier | None) -> WriterChoice:
        there = {one.tier: one for one in self.choices if one.identity.name == name}
        if not there:
            names = dict.fromkeys(visible(one.identity.name) for one in self.choices)
            raise UsageError(
                f"Unknown writer “{visible(name)}”.",
                f"Use one of: {', '.join(names)}; “:fast” or “:deep” after it chooses its model."
                if names
                else _SEE_MODELS,
            )
        must = tier or self.forced
        found = there.get(must or self.advised) or (None if must else there.get(Tier.DEEP))
        if found is None:
            raise UsageError(
                f"The writer {visible(name)} has no {must or self.advised} model.",
                f"Set `lighter` in [reviewers.{visible(name)}], or choose another writer.",
            )
        if not found.is_usable:
            raise UsageError(
                f"The writer {visible(name)} can't be used: {visible(found.why_not)}.",
                self._instead_of(found),
            )
        return found

    def _instead_of(self, unusable: WriterChoice) -> str:
        family = unusable.identity.family
        others = dict.fromkeys(
            visible(one.identity.name)
            for one in self.choices
            if one.is_usable and one.identity.family == family and family
        )
        if not others:
            return "Fix that, or choose another writer."
        return f"Fix that, or use {' or '.join(others)}, of the same family."


def _pair(table: _Table, asked: Sequence[str], names: Sequence[str]) -> list[WriterChoice]:
    """Two writers for a swap. Those that the user names may be of one family, to compare."""
    if asked:
        if len(asked) != _SWAPPING:
            raise UsageError(
                f"A swap needs two writers, and there are {len(asked)}.", "Name two, or none."
            )
        return table.named(asked)
    return _different(table, names, _SWAPPING, "A swap")


def _three(table: _Table, asked: Sequence[str], names: Sequence[str]) -> list[WriterChoice]:
    """Three writers of different families."""
    if not asked:
        return _different(table, names, _MOST_BY_DEFAULT, "The preset “three”")
    chosen = table.named(asked)
    families = {one.identity.family for one in chosen} - {""}
    if len(chosen) != _MOST_BY_DEFAULT or len(families) != _MOST_BY_DEFAULT:
        raise UsageError(
            "The preset “three” needs three writers of different families.",
            "Name three of different families, or none.",
        )
    return chosen


def _different(table: _Table, names: Sequence[str], most: int, what: str) -> list[WriterChoice]:
    """Writers of so many families, those with these names first. Raises UsageError."""
    found: dict[str, WriterChoice] = {}
    for one in (*(table.named(names) if names else ()), *table.families()):
        if one.identity.family:
            found.setdefault(one.identity.family, one)
    if len(found) < most:
        there = " and ".join(visible(one.identity.family) for one in found.values()) or "none"
        raise UsageError(
            f"{what} needs writers of {most} families, and these can write: {there}.",
            f"Export the key of another vendor, or install its agent. {_SEE_MODELS}",
        )
    return list(found.values())[:most]


def _shuffled(chosen: Sequence[WriterChoice], seed: str) -> list[WriterChoice]:
    def place(at: int) -> bytes:
        one = chosen[at]
        parts = "\0".join((seed, one.identity.name, one.tier, str(at)))
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).digest()

    return [chosen[at] for at in sorted(range(len(chosen)), key=place)]


def _seated(chosen: Sequence[WriterChoice], preset: Preset | None) -> tuple[Seat, ...]:
    seats = [
        Seat(label, one.identity, one.tier) for label, one in zip(LABELS, chosen, strict=False)
    ]
    match preset:
        case Preset.SWAP:
            reviewers = [(one.writer.name, one.tier) for one in reversed(seats)]
        case Preset.FAST_DEEP:
            reviewers = [("", Tier.DEEP)] * len(seats)
        case Preset.THREE | None:
            return tuple(seats)
    return tuple(
        Seat(one.label, one.writer, one.tier, name, tier)
        for one, (name, tier) in zip(seats, reviewers, strict=True)
    )


def _preference(prospect: Prospect) -> tuple[bool, bool]:
    return prospect.identity.is_local, prospect.kind is not ReviewerKind.AGENT


def _usual(found: Sequence[Prospect]) -> list[Prospect]:
    usable = [one for one in found if not one.why_not]
    by_family: dict[str, Prospect] = {}
    for one in usable:
        if one.identity.vendor and not one.identity.is_local:
            by_family.setdefault(one.identity.vendor, one)
    return list(by_family.values())[:_MOST_BY_DEFAULT] or usable[:1]


def _tiers(prospect: Prospect) -> list[tuple[Tier, str]]:
    if prospect.kind is ReviewerKind.AGENT:
        about = "an agent: it reads and tests for itself"
    elif prospect.identity.is_local:
        about = "a model on this machine"
    else:
        about = "a model: it reads with our tools and answers with edits"
    return [(tier, about) for tier in (Tier.DEEP, Tier.FAST) if _has_tier(prospect, tier)]


def _has_tier(prospect: Prospect, tier: Tier) -> bool:
    return tier is Tier.DEEP or bool(prospect.settings.lighter)


def _identity(prospect: Prospect, tier: Tier) -> ReviewerIdentity:
    who = prospect.identity
    model = prospect.settings.lighter if tier is Tier.FAST else who.model
    return ReviewerIdentity(who.name, prospect.kind, who.vendor, model)
