"""How closely models read a change: the one place that says what its level of attention steers.

    1-2  one reader, its fast tier, one lens: the one that its author's family misses most; no
         model is asked to answer, unless the finding itself is at 4 or 5
    3    the lenses against the author, in the deep tier; the author's model answers, and readers
         answer each other
    4-5  the deep tier, both lenses for the files at 4 and 5, and always an answer for what is
         reported there: if the author's model can't give one, another family's does

What the user says wins, and the sentence about the choice says so: the models that they name all
read with their lenses, `tier` is the tier, and `rebuttals = false`, which only the user can set and
isn't the default, means no answers at any level. A file's level also says which model reads it
within the deep tier (`prompt.plan`). The budget stays the cap, and no place gets code that the user
wasn't asked about: the second lens is the same model's, and answers beside the author's model come
from places that are allowed already.

Only files that models read count: a file that the settings leave out raises no price.
"""

from collections.abc import Collection

from xreview.config.schema import Settings, TierSetting
from xreview.disagreement.attention import finding_attention
from xreview.domain.attention.attention import Attention, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.attention.sentence import attention_words
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.stakes.tier import Tier
from xreview.domain.text import count_of

GLANCED_AT = AttentionLevel.SKIM
"""Up to this level, one cheap reader is enough."""

READ_CLOSELY = AttentionLevel.STUDY
"""From this level on, nothing is saved but money."""


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """How closely models read a change.

    Args:
        attention: the highest of the files that models read; None if it isn't known.
        files: how many files models read.
        close: the paths of those at 4 and 5; None for all of them.
        tier: which model of a reviewer reads; the deep one leaves easy files to the fast one.
        setting: the tier that the user wants.
        answers: whether the user lets models answer what others reported.
    """

    attention: Attention | None = None
    files: int = 0
    close: frozenset[str] | None = frozenset()
    tier: Tier = Tier.DEEP
    setting: TierSetting = TierSetting.AUTO
    answers: bool = True

    @property
    def is_cheap(self) -> bool:
        """Whether one reader with one lens is enough."""
        return self.attention is not None and self.attention.level <= GLANCED_AT

    @property
    def is_close(self) -> bool:
        """Whether some of the files are read with both lenses."""
        return self.attention is not None and self.attention.level >= READ_CLOSELY

    def tier_words(self, *, is_named: bool = False) -> str:
        """Why the models read it like this, as a sentence without its full stop.

        Args:
            is_named: the user named them, so that all of them read.
        """
        if (attention := self.attention) is None:
            return "Its attention isn't known, so the deep model reads it"
        word, tier = attention.level.word, self.tier.value
        if self.setting is not TierSetting.AUTO:
            is_less = self.tier is Tier.FAST and attention.level > GLANCED_AT
            is_more = self.tier is Tier.DEEP and self.is_cheap
            although = f", although attention is {attention_words(attention)}"
            words = f"{tier.capitalize()}, as you chose{although if is_less or is_more else ''}"
            return f"{words}{self._lens_words()}"
        if self.is_cheap:
            who = "the fast models that you named read it" if is_named else "a fast model reads it"
            return f"Attention is “{word}”, so {who}{'' if is_named else ' once'}"
        return f"Attention is “{word}”, so the deep model reads it{self._lens_words()}"

    def _lens_words(self) -> str:
        if not self.is_close:
            return ""
        count = self.files if self.close is None else len(self.close)
        which = "it" if self.close is None else f"{count} of {count_of(self.files, 'file')}"
        answers = "each finding there gets an answer" if self.answers else "no answers, as you set"
        verb = "is" if count == 1 or self.close is None else "are"
        return f"; {which} {verb} read for both risk and economy, and {answers}"


def reading_plan(
    attention: ChangeAttention | None, settings: Settings, paths: Collection[str]
) -> ReadingPlan:
    """Return how closely models read these files of a change; `attention` is None if unknown."""
    setting, answers = settings.tier, settings.rebuttals
    if attention is None:
        tier = Tier.FAST if setting is TierSetting.FAST else Tier.DEEP
        return ReadingPlan(tier=tier, setting=setting, answers=answers)
    read = {path: attention.of(path) for path in paths if not settings.ignores(path)}
    highest = max(read.values(), key=lambda one: one.level, default=attention.change)
    if len(read) == len(paths):  # many files together can deserve more than each of them
        highest = max(attention.change, highest, key=lambda one: one.level)
    close = frozenset(path for path, one in read.items() if one.level >= READ_CLOSELY)
    is_whole = len(close) in (0, len(read)) and highest.level >= READ_CLOSELY
    tier = Tier.FAST if highest.level <= GLANCED_AT else Tier.DEEP
    return ReadingPlan(
        highest,
        len(read),
        None if is_whole else close,
        tier if setting is TierSetting.AUTO else Tier(setting.value),
        setting,
        answers,
    )


def wants_answer(finding: Finding, attention: ChangeAttention | None) -> bool:
    """Whether another model's opinion of a finding is worth its price: not in a file at 1 or 2,
    unless the finding itself is at 4 or 5."""
    if attention is None or attention.of(finding.anchor.path).level > GLANCED_AT:
        return True
    return finding_attention(finding, attention).level >= READ_CLOSELY
