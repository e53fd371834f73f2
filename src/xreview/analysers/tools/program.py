"""Running a linter over one text, within limits and away from the repository."""

import subprocess
from collections.abc import Mapping, Sequence
from tempfile import TemporaryFile
from threading import Timer

from xreview.analysers.tools.installed import Program

SECONDS = 8.0
"""The time limit for one file; the linters take some hundredths of a second."""

MOST_BYTES = 16 * 1024 * 1024
"""The most output of one run."""


_ENVIRONMENT: Mapping[str, str] = {"LC_ALL": "C.UTF-8", "TOKIO_WORKER_THREADS": "1"}


class LinterError(Exception):
    """A linter failed or gave no usable answer."""


def run_over(
    program: Program, arguments: Sequence[str], text: str, accepted: Sequence[int]
) -> bytes:
    """The output of a linter that reads `text` on standard input. Raises LinterError.

    It runs outside the repository, so that none of its files can configure the linter. Memory and
    the process group are those of the worker.

    Args:
        accepted: the exit codes of a run that succeeded.
    """
    name = program.path.name
    with TemporaryFile() as given:
        given.write(text.encode())
        given.seek(0)
        try:
            process = subprocess.Popen(
                [program.path, *arguments],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=_ENVIRONMENT,
            )
        except OSError as error:
            raise LinterError(f"{name} can't be started: {error.strerror}") from error
    output = _output(process, name)
    if process.returncode not in accepted:
        raise LinterError(f"{name} ended with code {process.returncode}")
    return output


def _output(process: subprocess.Popen[bytes], name: str) -> bytes:
    assert process.stdout is not None
    timer = Timer(SECONDS, process.kill)
    timer.start()
    try:
        with process:
            output = process.stdout.read(MOST_BYTES + 1)
            if len(output) > MOST_BYTES:
                process.kill()
    finally:
        is_late = not timer.is_alive()
        timer.cancel()
    if is_late:
        raise LinterError(f"{name} gave no answer within {SECONDS:.0f} seconds")
    if len(output) > MOST_BYTES:
        raise LinterError(f"{name} reported more than {MOST_BYTES >> 20} MiB")
    return output
