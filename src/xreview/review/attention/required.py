"""What a person still has to look at, if the settings or an option require it."""

from collections.abc import Collection, Iterable

from xreview.disagreement.attention import finding_attention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, shorten, visible
from xreview.review.session.snapshot import ReviewSnapshot

_MOST_SHOWN = 10
_LONGEST_PATH = 120


@dataclass(frozen=True, slots=True)
class WantedOfPeople:
    """The open findings and the unseen files of at least a level.

    Args:
        level: 0 if nothing is required.
        is_known: False if it isn't known what deserves how much attention.
    """

    level: int = 0
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    is_known: bool = True

    @property
    def is_open(self) -> bool:
        """Whether a person has to look at something."""
        return bool(self.level and (self.findings or self.files or not self.is_known))

    @property
    def lines(self) -> tuple[str, ...]:
        """What it is, and what to do, raw lines that are safe to show; () for nothing."""
        if not self.is_open:
            return ()
        word = AttentionLevel(self.level).word
        if not self.is_known:
            return (
                f"A person has to look (--require-human {word}): it isn't known what deserves how "
                "much attention. Run the review again.",
            )
        counts = [
            count_of(len(found), what)
            for found, what in ((self.files, "file"), (self.findings, "finding"))
            if found
        ]
        return (
            f"A person has to look at {' and '.join(counts)} (--require-human {word}):",
            *_listed(f"  {_shown(path)}" for path in self.files),
            *_listed(
                f"  {_shown(one.anchor.path)}:{one.anchor.start_line} {_shown(one.lead.title)}"
                for one in self.findings
            ),
            "Start the app, read each file and press m, or decide all of its findings. `trust` "
            "says why.",
        )


def wanted_of_people(
    snapshot: ReviewSnapshot, level: int, decided: Collection[str] = ()
) -> WantedOfPeople:
    """Return what a person still has to look at.

    A finding counts while it is open, whatever its severity. A file counts until a person marked it
    as viewed, or decided its findings.

    Args:
        level: 1 to 5, or 0 to require nothing.
        decided: the files in which a person decided (`decided_as_they_are`).
    """
    if not level:
        return WantedOfPeople()
    attention = snapshot.attention
    if attention is None:
        return WantedOfPeople(level, is_known=False)
    still_open = snapshot.open_findings
    findings = (one for one in still_open if finding_attention(one, attention).level >= level)
    files = (
        path
        for path, one in attention.files.items()
        if one.level >= level and path not in snapshot.viewed and path not in decided
    )
    return WantedOfPeople(level, tuple(findings), tuple(files))


def _listed(rows: Iterable[str]) -> tuple[str, ...]:
    shown = tuple(rows)
    more = len(shown) - _MOST_SHOWN
    return (*shown[:_MOST_SHOWN], f"  … and {more} more") if more > 0 else shown


def _shown(text: str) -> str:
    return shorten(visible(text), _LONGEST_PATH)
