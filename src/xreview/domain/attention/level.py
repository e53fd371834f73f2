"""How much human reading something deserves, from 1 to 5."""

from enum import IntEnum


class AttentionLevel(IntEnum):
    """What a person does with it; larger is more."""

    SKIP = 1
    """Let it go."""
    SKIM = 2
    READ = 3
    STUDY = 4
    DECIDE = 5
    """A person decides, never in bulk."""

    @property
    def word(self) -> str:
        """The name as screens, configuration and exports write it."""
        return self.name.lower()
