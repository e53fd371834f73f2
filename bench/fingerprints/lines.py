"""Where lines went, as known from elsewhere than from fingerprints."""

import re
from dataclasses import dataclass

from git_trees import Git


@dataclass(frozen=True)
class Lines:
    """Where the lines of one state of the files are in another."""

    paths: dict[str, str]
    changed: dict[str, list[tuple[int, int, int]]]  # old start, old count, shift after it

    def place(self, path: str, start: int, end: int) -> tuple[str, int] | None:
        """The new place of lines that stayed as they were and together; None for others."""
        new = self.paths.get(path)
        if new is None:
            return None
        shift = 0
        for old, count, by in self.changed.get(path, ()):
            if count and old <= end and start <= old + count - 1:
                return None
            if not count and start <= old < end:
                return None
            if old + count - 1 < start if count else old < start:
                shift += by
        return new, start + shift


def followed(git: Git, old: str, new: str) -> Lines:
    text = git("diff", "-w", "-M", "--no-color", "--no-ext-diff", "-U0", old, new, "--").decode(
        "utf-8", "replace"
    )
    paths = {path: path for path in git.tree(old)}
    changed: dict[str, list[tuple[int, int, int]]] = {}
    source = ""
    for row in text.split("\n"):
        if match := re.match(r"diff --git a/(.*) b/", row):
            source = match[1]
        elif row.startswith("rename from "):
            source = row.removeprefix("rename from ")
        elif row.startswith("rename to "):
            paths[source] = row.removeprefix("rename to ")
        elif row.startswith("deleted file mode"):
            paths.pop(source, None)
        elif match := re.match(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@", row):
            removed, added = (1 if match[n] is None else int(match[n]) for n in (2, 3))
            changed.setdefault(source, []).append((int(match[1]), removed, added - removed))
    return Lines(paths, changed)


class Moved(Lines):
    """Lines that went where a map says."""

    def __init__(self, old: str, new: str, where: dict[int, int]) -> None:
        super().__init__({old: new}, {})
        object.__setattr__(self, "where", where)

    def place(self, path: str, start: int, end: int) -> tuple[str, int] | None:
        news = [self.where.get(line) for line in range(start, end + 1)]
        if None in news or news != list(range(news[0], news[0] + len(news))):
            return None
        return self.paths[path], news[0]
