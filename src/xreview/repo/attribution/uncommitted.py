"""What the git folder tells of who wrote lines that are not committed yet."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from xreview.domain.authorship.author import Evidence
from xreview.domain.errors import ChangeError
from xreview.repo.attribution.evidence import checkpoints, working_logs
from xreview.repo.diff.file_header import LINK_MODE
from xreview.repo.files.worktree import read_worktree_file
from xreview.repo.repository import Repository

_MOST_SESSIONS = 100


def uncommitted_evidence(repository: Repository, head: str) -> list[Evidence]:
    """The evidence of git-ai's working logs and of running Entire sessions.

    Args:
        head: the full id of the commit that the uncommitted lines come after.

    Raises ChangeError where a file is there and can't be read.
    """
    common, own = repository.common_dir, repository.git_dir
    evidence: list[Evidence] = []
    for folder in dict.fromkeys((own, common)):
        log = f"{working_logs.FOLDER}/{head}"
        initial, logged = (
            read_below(folder, f"{log}/{name}", working_logs.LOG_BYTES)
            for name in (working_logs.INITIAL, working_logs.CHECKPOINTS)
        )
        evidence += working_logs.working_log_evidence(initial, logged, str(folder / log))
    for path in _live_sessions(common):
        state = read_below(common, path, checkpoints.LIVE_BYTES)
        evidence += checkpoints.live_evidence(state, head, str(common / path))
    return evidence


def read_below(folder: Path, path: str, limit: int) -> bytes:
    """A file below a folder; b"" where there is none, a link, or one of more than `limit` bytes.

    Raises ChangeError where it can't be read.
    """
    found = read_worktree_file(folder, path, limit)
    return b"" if found is None or found[0] == LINK_MODE else found[2] or b""


def _live_sessions(folder: Path) -> Iterator[str]:
    """The newest files of Entire's running sessions, relative to the git folder."""
    sessions = folder / checkpoints.LIVE_FOLDER
    try:
        if not stat.S_ISDIR(sessions.lstat().st_mode):
            return
        with os.scandir(sessions) as entries:
            found = [
                (entry.stat(follow_symlinks=False).st_mtime, entry.name)
                for entry in entries
                if entry.name.endswith(".json") and entry.is_file(follow_symlinks=False)
            ]
    except FileNotFoundError:
        return  # none has run, or one has just ended
    except OSError as error:
        raise ChangeError(
            f"{sessions} can't be read: {error.strerror}.", "Check its permissions."
        ) from error
    for _, name in sorted(found, reverse=True)[:_MOST_SESSIONS]:
        yield f"{checkpoints.LIVE_FOLDER}/{name}"
