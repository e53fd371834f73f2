"""Which files of a repository a task is about, as far as their names tell."""

import re
from collections import Counter
from collections.abc import Sequence

from xreview.domain.identity.claim import stems
from xreview.domain.record import dataclass

_NAMED = 2.0
"""What it counts that the task has a file's whole name, against 1 for a word that only the path of
one file has; a whole path counts twice that."""

_SHORTEST = 2
_NONE: frozenset[str] = frozenset()
_FEW = 8  # files among which no word is too common to tell


@dataclass(frozen=True, slots=True)
class RankedFiles:
    """All paths, and those that the task is likely about, the likeliest first."""

    likely: tuple[str, ...]
    others: tuple[str, ...]


def ranked_files(task: str, paths: Sequence[str]) -> RankedFiles:
    """The files in the order of how much of their paths occurs in the task.

    A word counts the more, the fewer paths have it; one that more than half of them have counts
    nothing.
    """
    wanted = _words(task)
    said = set(task.replace("`", " ").replace('"', " ").replace("'", " ").split())
    said |= {word.strip(".,:;!?()[]{}<>") for word in said}
    # Most paths have none of the words: finding that out is much faster than to divide them.
    begins = (re.escape(word.removesuffix("i")) for word in sorted(wanted))
    has_any = re.compile("|".join(begins) or "(?!)", re.IGNORECASE).search
    shared = {path: _words(path) & wanted if has_any(path) else _NONE for path in paths}
    counts = Counter(word for words in shared.values() for word in words)
    most = len(paths) if len(paths) <= _FEW else len(paths) // 2

    def weight(path: str) -> float:
        found = sum(1 / counts[word] for word in sorted(shared[path]) if counts[word] <= most)
        named = path.rpartition("/")[2] in said
        return found + _NAMED * (named + 2 * (path in said))

    weights = {path: weight(path) for path in paths}
    likely = sorted((path for path in paths if weights[path]), key=lambda one: (-weights[one], one))
    return RankedFiles(tuple(likely), tuple(path for path in paths if not weights[path]))


def _words(text: str) -> frozenset[str]:
    """The words of a text without endings, so that "retries" and "retry" are the same."""
    found = stems(text)
    return frozenset(_folded(word) for word in found if len(word) >= _SHORTEST)


def _folded(word: str) -> str:
    return f"{word[:-1]}i" if word.endswith("y") else word.removesuffix("e")
