"""A worker process, to its end."""

import os
import sys

import pytest

from xreview.analysers.process import WorkerProcess, end_workers

WAIT = [sys.executable, "-c", "import time; time.sleep(60)"]


async def test_no_worker_outlives_the_program_whose_end_did_not_wait_for_it() -> None:
    worker = await WorkerProcess.start(WAIT)

    end_workers()

    with pytest.raises(ProcessLookupError):
        os.kill(worker.pid, 0)
    await worker.end()
