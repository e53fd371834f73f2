"""The files of a pull request without a clone, read over the forge's API."""

import threading

from xreview.domain.change import Side
from xreview.domain.errors import ChangeError
from xreview.domain.pull.pull import Pull
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.review.pulls.calling import ForgeCalls

MOST_READS = 1000
"""Files of one change that are asked for: forges allow some thousand questions an hour, which the
discussion needs too."""

_KEPT_BYTES = 64 * 1024 * 1024


class PullFiles:
    """Reads files of both sides (`repo.change.collecting.DistantFiles`), each once."""

    def __init__(self, calls: ForgeCalls, pull: Pull) -> None:
        self._calls = calls
        self._pull = pull
        self._lock = threading.Lock()
        self._kept: dict[tuple[Side, str], bytes | None] = {}
        self._size = 0
        self._reads = 0
        self._why_not: ChangeError | None = None

    def read(self, side: Side, path: str, limit: int) -> bytes | None:
        """Return a file's content; None if it doesn't exist, is larger, or after `MOST_READS`.

        Blocks. Raises ChangeError; after a failure that concerns all files, without asking again.
        """
        with self._lock:
            if (side, path) in self._kept:
                found = self._kept[side, path]
                return found if found is None or len(found) <= limit else None
            if self._why_not is not None:
                raise self._why_not
            if self._reads >= MOST_READS:
                return None
            self._reads += 1
        content = self._asked(side, path, limit)
        with self._lock:
            size = len(content or b"")
            if self._size + size <= _KEPT_BYTES:
                self._kept[side, path] = content
                self._size += size
        return content

    def _asked(self, side: Side, path: str, limit: int) -> bytes | None:
        pull = self._pull
        commit = pull.head.commit if side is Side.NEW else pull.start or pull.base.commit
        # Forges keep the head's commits in the target's project too, also after its fork is gone.
        project = pull.base.project or pull.address.project
        try:
            return self._calls.wait_for(lambda forge: forge.content(project, commit, path, limit))
        except ForgeError as error:
            failure = ChangeError(f"{path} can't be read: {error.message}", error.advice)
            if error.failure not in (ForgeFailure.NOT_FOUND, ForgeFailure.REFUSED):
                self._why_not = failure
            raise failure from error

    def close(self) -> None:
        """Close the connections. Another read opens them again."""
        self._calls.close()
