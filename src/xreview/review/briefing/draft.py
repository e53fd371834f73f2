"""The two texts about a change: its description, and what its reviewers needn't flag again."""

import hashlib
from collections.abc import Mapping
from itertools import islice

from xreview.domain.briefing.section import BriefSection
from xreview.domain.briefing.template import DescriptionTemplate, filled
from xreview.domain.record import dataclass, field
from xreview.domain.text import shorten, visible
from xreview.review.briefing.basis import BriefBasis
from xreview.review.briefing.decided import settled_points
from xreview.review.briefing.prose import inert_line
from xreview.review.briefing.sections import brief_sections, brief_title
from xreview.review.egress.gate import Gate

LONGEST_TITLE = 200
_MOST_SETTLED = 40
_NOTHING = "Nothing was decided that a reviewer could flag again."
_DON_T = """\
A person looked at these and decided. Don't report them again unless the code that they are about
changes."""


@dataclass(frozen=True, slots=True)
class BriefWording:
    """How a model words some of a description.

    Args:
        title: one line; "" to keep ours. sections: instead of ours. by: the model.
    """

    title: str = ""
    sections: Mapping[BriefSection, str] = field(default_factory=dict[BriefSection, str])
    by: str = ""


NO_WORDING = BriefWording()


@dataclass(frozen=True, slots=True)
class BriefDraft:
    """The texts, safe to show and to publish.

    Args:
        title: one line. body: the description, which stays in the history.
        for_reviewers: what people and bots needn't flag; never a part of `body`.
        withheld: how many lines were removed because they look like secrets.
        by: the model that worded it; "" for none.
    """

    title: str
    body: str
    for_reviewers: str
    withheld: int = 0
    by: str = ""

    @property
    def digest(self) -> str:
        """The SHA-256 of title and body, hexadecimal."""
        return hashlib.sha256(self.document.encode("utf-8", "replace")).hexdigest()

    @property
    def document(self) -> str:
        """The title as a heading, and the body."""
        return f"# {inert_line(self.title, LONGEST_TITLE)}\n\n{self.body}"


def draft_brief(
    basis: BriefBasis,
    template: DescriptionTemplate | None,
    wording: BriefWording = NO_WORDING,
    gate: Gate | None = None,
) -> BriefDraft:
    """Write the texts. Slow for long ones: they are searched for secrets."""
    gate = gate or Gate()
    sections = {**brief_sections(basis), **wording.sections}
    title = visible(shorten(" ".join((wording.title or brief_title(basis)).split()), LONGEST_TITLE))
    texts = [gate.text(one) for one in (title, filled(template, sections), reviewer_notes(basis))]
    head, body, notes = (one.text for one in texts)
    withheld = sum(one.withheld for one in texts[:2])
    return BriefDraft(head or "Change", body, notes, withheld, wording.by)


def reviewer_notes(basis: BriefBasis) -> str:
    """What reviewers needn't flag again. It isn't part of the description: a description is read
    long after the review, and by models that must not take orders from it."""
    settled = list(islice(settled_points(basis), _MOST_SETTLED))
    if not settled:
        return f"{_NOTHING}\n"
    rows = "\n".join(f"- {one}" for one in settled)
    return f"## For reviewers: settled already\n\n{_DON_T}\n\n{rows}\n"
