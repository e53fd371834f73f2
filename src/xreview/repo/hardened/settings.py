"""git's configuration, with the scope of each value.

Parsed from `git config --list --show-scope -z`: scope NUL key [LF value] NUL, repeated (git 2.26,
see git-config(1)). Section and variable names are lower-case; the part between the first and the
last dot is as written.
"""

from functools import cached_property

from xreview.domain.record import dataclass

LIST_ARGUMENTS = ("config", "--list", "--show-scope", "-z")
_REPOSITORY_SCOPES = frozenset({"local", "worktree"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Setting:
    """A configured value; "true" if only the name is written."""

    scope: str
    key: str
    value: str

    @property
    def is_from_repository(self) -> bool:
        """Whether the repository sets it, not the user or the machine."""
        return self.scope in _REPOSITORY_SCOPES


@dataclass(frozen=True)
class GitSettings:
    """The whole configuration; later values win."""

    settings: tuple[Setting, ...] = ()

    def last(self, key: str, *, from_repository: bool = False) -> str:
        """The effective value (optionally only of the repository's own settings), or ""."""
        for setting in reversed(self.settings):
            if setting.key == key and (setting.is_from_repository or not from_repository):
                return setting.value
        return ""

    @cached_property
    def users_own(self) -> "GitSettings":
        """The settings of the user and the machine."""
        return GitSettings(tuple(one for one in self.settings if not one.is_from_repository))

    def is_true(self, key: str) -> bool:
        """Whether a boolean is set and not false."""
        return self.last(key).lower() not in _FALSE

    @property
    def is_partial_clone(self) -> bool:
        """Whether the clone lacks objects that git would fetch on demand."""
        return bool(self.last("extensions.partialclone")) or any(
            setting.key.startswith("remote.") and setting.key.endswith(".promisor")
            for setting in self.settings
        )

    @property
    def repository_filters(self) -> tuple[str, ...]:
        """The filter drivers that the repository itself configures, fully or partly."""
        keys = (one.key for one in self.settings if one.is_from_repository)
        filters = (key for key in keys if key.startswith("filter.") and key.count(".") > 1)
        names = (key.removeprefix("filter.").rpartition(".")[0] for key in filters)
        return tuple(dict.fromkeys(names))


def parse_settings(output: bytes) -> GitSettings:
    """Parse git's listing; a truncated last entry is ignored."""
    fields = output.decode("utf-8", "surrogateescape").split("\0")
    found: list[Setting] = []
    for scope, entry in zip(fields[0::2], fields[1::2], strict=False):
        key, separator, value = entry.partition("\n")
        if key:
            found.append(Setting(scope, key, value if separator else "true"))
    return GitSettings(tuple(found))
