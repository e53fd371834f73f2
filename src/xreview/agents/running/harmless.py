"""Makes a tree harmless for the time that an agent runs in it.

Some agents follow links out of their folder (opencode), and some can't be kept from obeying files
in it (opencode its plugins, Gemini CLI an `.env`).
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from xreview.agents.base.agent import Agent, WritableFolder, instruction_names
from xreview.domain.text import count_of
from xreview.ports.failure import Failure, ModelError


class HarmlessTree:
    """The tree of one run: without the links that lead out of it, until they are put back."""

    def __init__(self, writable: WritableFolder) -> None:
        self._work = writable.work.resolve()
        self._kept = {self._work / path for path in writable.links}
        self._links: dict[Path, str] = {}

    def prepare(self, agent: Agent) -> None:
        """Take the links out.

        Raises ModelError if the agent would obey a file of the tree, or if a folder can't be read.
        """
        try:
            self._take_out(agent)
        except OSError as error:
            raise ModelError(
                Failure.REQUEST,
                f"Can't look through the folder of the fix ({error.strerror}).",
                "Discard this fix, then start another.",
            ) from error

    def restore(self) -> None:
        """Put the links back where nothing else is by now."""
        for path, target in self._links.items():
            # The agent can have deleted the folder, or put something else there.
            with suppress(OSError):
                if path.parent.resolve() == path.parent:
                    path.symlink_to(target)
        self._links.clear()

    def _take_out(self, agent: Agent) -> None:
        obeyed = instruction_names() if agent.obeys_folder else frozenset[str]()
        found: list[str] = []
        for entry in _entries(str(self._work)):
            is_obeyed = entry.name.lower() in obeyed
            if not (is_obeyed or entry.is_symlink()):
                continue
            path = Path(entry.path)
            if is_obeyed:
                found.append(str(path.relative_to(self._work)))
            elif path not in self._kept and self._leads_out(path):
                self._links[path] = str(path.readlink())
        if found:
            raise _obeyed_error(agent, sorted(found))
        for path in self._links:
            path.unlink()

    def _leads_out(self, link: Path) -> bool:
        try:
            return not link.resolve().is_relative_to(self._work)
        except (OSError, RuntimeError):  # a loop
            return True


def _entries(top: str) -> Iterator[os.DirEntry[str]]:
    """Yield all files, folders and links, except what git keeps at the top."""
    waiting = [top]
    while waiting:
        with os.scandir(folder := waiting.pop()) as entries:
            for entry in entries:
                if folder == top and entry.name == ".git":
                    continue
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def _obeyed_error(agent: Agent, found: list[str]) -> ModelError:
    more = f" and {count_of(len(found) - 1, 'more file')}" if len(found) > 1 else ""
    return ModelError(
        Failure.REQUEST,
        f"{agent.label} would obey {found[0]}{more} in this folder, and can't be kept from it.",
        "Choose another fixer.",
    )
