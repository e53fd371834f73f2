"""Who wrote the change. Silence is `unknown`, never `human`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a change: tool, vendor (model family) and model, with the evidence for it.

    Every field may be "" for not known; `evidence` are sentences a person can check.
    """

    tool: str = ""
    vendor: str = ""
    model: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether at least the model family is known."""
        return bool(self.vendor)

    @property
    def label(self) -> str:
        """The author in a few words for the header."""
        return " ".join(filter(None, (self.vendor, self.model or self.tool))) or "unknown"


UNKNOWN_AUTHOR = Author()
