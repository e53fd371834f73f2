"""The engines alone: one plain process with the same rules over the same files.

    python bench/app_parts/engines.py REPOSITORY

No session, no journal, no screen, no other process than ruff's; the contents are read before the
clock starts. Prints the seconds, and how many reports there were.
"""

import asyncio
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

AT_ONCE = 100
"""Files of one request: fewer ruff processes than a review, which must show its first reports."""


def main() -> None:
    jobs, enforced = asyncio.run(jobs_of(Path(sys.argv[1])))
    begin = time.perf_counter()
    reports = analyse(jobs, enforced)
    print(json.dumps({"seconds": time.perf_counter() - begin, "reports": reports}))


async def jobs_of(repository: Path) -> tuple[list[Any], Any]:
    from xreview.analysers.reading import _enforced, _jobs
    from xreview.domain.change import Change
    from xreview.ports.reviewer import ReviewRequest
    from xreview.repo.change.collecting import collect
    from xreview.repo.change.request import ChangeRequest
    from xreview.repo.files.contents import contents_of
    from xreview.repo.hardened.processes import Processes

    with Processes():
        collected = collect(ChangeRequest(repository))
        files = tuple(file for batch in collected.batches for file in batch)
        contents = contents_of(collected)
        request = ReviewRequest(Change(collected.source, files), contents)
        jobs = [job async for job in _jobs(request)]
        enforced = await _enforced(request)
        contents.close()
        collected.close()
    return jobs, enforced


def analyse(jobs: list[Any], enforced: Any) -> int:
    from xreview.analysers import plan
    from xreview.analysers.worker import Worker
    from xreview.domain.tests import is_test

    worker, reports = Worker(), 0

    def ask(request: dict[str, Any], *payloads: bytes) -> dict[str, Any]:
        sizes = [len(payload) for payload in payloads]
        return worker.answer(request | {"sizes": sizes}, io.BytesIO(b"".join(payloads)))

    known = {"selected": enforced.selected, "excepted": enforced.excepted}
    ask({"do": "begin", "gives_way": False})
    read = [job for job in jobs if job.skipped is None]
    for at in range(0, len(read), AT_ONCE):
        batch = read[at : at + AT_ONCE]
        heads = [
            {
                "language": plan.rules_language(job.file.path, job.content),
                "is_test": is_test(job.file.path),
                "is_aside": job.is_aside,
            }
            for job in batch
        ]
        payloads = [part for job in batch for part in (job.content, job.file.body)]
        answer = ask({"do": "files", "files": heads, **known}, *payloads)
        reports += sum(len(row.get("reports", ())) for row in answer["files"])
    for index, job in enumerate(jobs):
        file = {"file": index, "path": job.file.path, "is_read": job.skipped is None}
        ask({"do": "added", "pass": 0, "files": [file]}, job.file.body)
    return reports + len(ask({"do": "duplicates", "pass": 0, "count": len(jobs)})["blocks"])


if __name__ == "__main__":
    main()
