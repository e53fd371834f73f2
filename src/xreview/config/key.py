"""What is known about one setting."""

from typing import Any

from xreview.config.kinds import ValueKind
from xreview.domain.record import dataclass


@dataclass(frozen=True)
class Key:
    """One setting.

    Args:
        meaning: one or two sentences for the schema and the example.
        in_repository: whether `.xreview.toml` can set it.
        environment: the variable that sets it, "" for none.
        adds_up: whether the layers of a list are joined instead of replaced.
        repository_field: the field of `Settings` with the repository's value, if it is kept apart.
        only_rises: whether the repository's value counts only if it is larger.
        fallback_environment: variables with the default; the first one set wins.
        default: the value in `Settings`, which fills it in.
    """

    name: str
    kind: ValueKind
    meaning: str
    in_repository: bool = False
    environment: str = ""
    adds_up: bool = False
    repository_field: str = ""
    only_rises: bool = False
    fallback_environment: tuple[str, ...] = ()
    default: Any = None

    @property
    def plain_default(self) -> Any:
        """The default value in TOML and JSON."""
        return self.kind.to_plain(self.default)
