"""Running the user's checks in a folder: their own commands, on code that a fixer wrote.

The commands are the user's, from the command line or their settings, never the repository's; what
they run is the fixer's code. So they get no keys, and everything they start ends with them.
"""

import asyncio
import os
import secrets
import signal
import tempfile
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from xreview.agents.running.leash import MARKER, end_stragglers
from xreview.agents.running.pipes import CHUNK, Pipes
from xreview.domain.fixing.check_output import tally_of
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.record import dataclass
from xreview.hardening.redaction import without_keys
from xreview.ports.provider import providers

CHECK_SECONDS = 600.0
"""The time limit of one check."""

KEPT_BYTES = 64 * 1024
"""Of a check's output, its end."""

_READ_BYTES = 4 * 1024 * 1024  # of its end, in which tests are counted
_LAST_WORDS_SECONDS = 0.5
_GRACE_SECONDS = 2.0
_SHELL = "/bin/sh"
_FORGE_TOKENS = frozenset(
    (
        *("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"),
        *("GITLAB_TOKEN", "GL_TOKEN", "CI_JOB_TOKEN", "GITLAB_PRIVATE_TOKEN"),
        *("BITBUCKET_TOKEN", "BITBUCKET_APP_PASSWORD", "GITEA_TOKEN", "FORGEJO_TOKEN"),
        *("CODEBERG_TOKEN", "AZURE_DEVOPS_EXT_PAT", "SYSTEM_ACCESSTOKEN"),
        # With these, git and ssh could push.
        *("SSH_ASKPASS", "SSH_AUTH_SOCK"),
    )
)


def check_environment(
    environ: Mapping[str, str], scratch: Path, own_keys: Collection[str] = ()
) -> dict[str, str]:
    """The user's environment without the reviewers' keys, forge tokens and git's variables.

    Args:
        scratch: the check's own folder for temporary files.
        own_keys: further variables that hold keys (`key_variable` of the settings).
    """
    dropped = {*_FORGE_TOKENS, *own_keys}
    for one in providers():
        dropped.update(one.key_variables, one.bearer_variables, one.variable_by_url.values())
    kept = {
        name: value
        for name, value in environ.items()
        # GIT_DIR and its like would lead the tests' git into the user's repository.
        if name not in dropped and not name.startswith("GIT_")
    }
    # A compiled file of the old code could pass for one of the new: its time has whole seconds.
    compiled = {"PYTHONPYCACHEPREFIX": str(scratch / "pycache")}
    return {**kept, "TMPDIR": str(scratch), **compiled}


@dataclass(frozen=True)
class CheckRunner:
    """Runs checks with the user's environment; `own_keys` as in `check_environment`."""

    environ: Mapping[str, str]
    own_keys: frozenset[str] = frozenset()
    seconds: float = CHECK_SECONDS

    async def run(self, command: str, top: Path) -> CheckRun:
        """Run one check in a folder; cancelling ends it with everything that it started.

        Raises nothing: a check that can't be started or doesn't end has `trouble`.
        """
        with tempfile.TemporaryDirectory(prefix="xreview-check-", ignore_cleanup_errors=True) as at:
            environment = check_environment(self.environ, Path(at), self.own_keys)
            marker = secrets.token_hex(12)
            environment[MARKER] = marker
            begin = time.monotonic()
            try:
                pipes = await _started(command, top, environment)
            except OSError as error:
                return CheckRun(
                    command, None, 0.0, trouble=f"it can't be started: {error.strerror}"
                )
            running = _RunningCheck(pipes, marker)
            try:
                is_over = await running.wait(self.seconds)
            finally:
                await running.end()
            took = time.monotonic() - begin
            return _check_run(command, running, took, "" if is_over else self._too_slow)

    @property
    def _too_slow(self) -> str:
        return f"it took longer than {self.seconds:g} seconds"


async def _started(command: str, top: Path, environment: Mapping[str, str]) -> Pipes:
    starting = asyncio.ensure_future(Pipes.open((_SHELL, "-c", command), top, environment))
    try:
        pipes = await asyncio.shield(starting)
    except asyncio.CancelledError:
        # Finish starting it, so that it can be ended.
        with suppress(OSError):
            await _RunningCheck(await starting, environment[MARKER]).end()
        raise
    with suppress(OSError):  # it can have ended already
        await pipes.give(b"")
    return pipes


def _check_run(command: str, running: "_RunningCheck", seconds: float, trouble: str) -> CheckRun:
    text = without_keys(running.output.decode("utf-8", "replace"))
    tally = tally_of(text)
    code = None if trouble else running.code
    return CheckRun(command, code, seconds, text[-KEPT_BYTES:], tally.failed, tally.passed, trouble)


class _RunningCheck:
    """A check's process group and the end of its output; always `end` it."""

    def __init__(self, pipes: Pipes, marker: str) -> None:
        self._pipes = pipes
        self._marker = marker
        self.output = bytearray()
        streams = (pipes.stdout, pipes.stderr)
        self._readers = [asyncio.create_task(self._keep(stream)) for stream in streams]

    @property
    def code(self) -> int | None:
        """Its exit status, negative for a signal."""
        return self._pipes.returncode

    async def wait(self, seconds: float) -> bool:
        """Whether it ended within so many seconds; then the rest of its output is read too."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._pipes.exited.wait()
            # What it left running can hold its output open.
            await asyncio.wait(self._readers, timeout=_LAST_WORDS_SECONDS)
            return True
        return False

    async def end(self) -> None:
        """End the whole group, and what left it; wait until it is gone."""
        ending = asyncio.ensure_future(self._end())
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            await ending
            raise

    async def _end(self) -> None:
        if self._pipes.returncode is None:
            self._signal(signal.SIGTERM)
            with suppress(TimeoutError):
                async with asyncio.timeout(_GRACE_SECONDS):
                    await self._pipes.exited.wait()
        self._signal(signal.SIGKILL)
        await self._pipes.exited.wait()
        await asyncio.to_thread(end_stragglers, self._marker)
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        self._pipes.close()

    async def _keep(self, stream: asyncio.StreamReader) -> None:
        while piece := await stream.read(CHUNK):
            self.output += piece
            if len(self.output) > 2 * _READ_BYTES:
                del self.output[:-_READ_BYTES]

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pipes.pid, number)
