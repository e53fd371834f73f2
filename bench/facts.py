"""How long it takes to look up what is known about changed files, in a made repository.

    python -m bench.facts [--files 2000] [--changed 20]

Files of 60 lines, and a coverage file of all of them. The aim is 300 ms of our own processor time
with 2,000 files, git not counted.
"""

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.attention.file_facts import find_facts
from xreview.review.session.whole_change import read_to_end

if TYPE_CHECKING:
    from collections.abc import Callable

_LINES = 60


def source(at: int, files: int, changed: bool = False) -> str:
    other = (at * 7 + 1) % files
    rows = [f"from app.part{other % 40}.module_{other} import compute_{other}", "", ""]
    for number in range((_LINES - 3) // 3):
        name = f"compute_{at}" if number == 0 else f"step_{at}_{number}"
        rows += [
            f"def {name}(value):",
            f"    return compute_{other}(value + {number + changed})",
            "",
        ]
    return "\n".join(rows) + "\n"


def made(top: Path, files: int, changed: int) -> list[str]:
    git(top, "init", "-q")
    git(top, "config", "user.email", "a@example.org")
    git(top, "config", "user.name", "A")
    (top / ".gitignore").write_text(".coverage\n*.xml\n*.info\n*.json\n")
    paths = [f"app/part{at % 40}/module_{at}.py" for at in range(files)]
    for at, path in enumerate(paths):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(source(at, files))
    git(top, "add", ".")
    git(top, "commit", "-qm", "first")
    git(top, "tag", "v1")
    for at in range(changed):
        (top / paths[at]).write_text(source(at, files, changed=True))
    return paths


def git(top: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=top, check=True, stdout=subprocess.DEVNULL)


def lcov(paths: list[str]) -> str:
    lines = "".join(f"DA:{line},1\n" for line in range(4, _LINES) if line % 3 != 0)
    return "".join(f"SF:{path}\n{lines}end_of_record\n" for path in paths)


def cobertura(paths: list[str]) -> str:
    lines = "".join(f'<line number="{n}" hits="1"/>' for n in range(4, _LINES) if n % 3 != 0)
    classes = "".join(f'<class filename="{path}"><lines>{lines}</lines></class>' for path in paths)
    return f'<coverage version="7.4.0">{classes}</coverage>'


def database(path: Path, paths: list[str], top: Path) -> None:
    import sqlite3

    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE file (id INTEGER PRIMARY KEY, path TEXT)")
        connection.execute("CREATE TABLE line_bits (file_id, context_id, numbits BLOB)")
        for at, one in enumerate(paths):
            connection.execute("INSERT INTO file VALUES (?, ?)", (at, str(top / one)))
            connection.execute("INSERT INTO line_bits VALUES (?, 0, ?)", (at, b"\xb6\x6d\x5b"))
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--changed", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder).resolve()
        paths = made(top, options.files, options.changed)
        writers: dict[str, Callable[[], None]] = {
            "none": lambda: None,
            ".coverage": lambda: database(top / ".coverage", paths, top),
            "lcov.info": lambda: (top / "lcov.info").write_text(lcov(paths)) and None,
            "coverage.xml": lambda: (top / "coverage.xml").write_text(cobertura(paths)) and None,
        }
        for name, write in writers.items():
            write()
            request = ChangeRequest(top)
            collected = collect(request)
            change = read_to_end(collected, request)
            collected.close()
            began, busy = time.perf_counter(), time.process_time()
            found = find_facts(change, change.files)
            whole, own = time.perf_counter() - began, time.process_time() - busy
            size = (top / name).stat().st_size if (top / name).is_file() else 0
            known = sum(1 for one in found.files.values() if one.tested)
            print(
                f"{name:13} {size / 1e6:5.1f} MB  {whole * 1000:5.0f} ms, of these own "
                f"{own * 1000:4.0f} ms; measured {known}, callers "
                f"{sum(one.callers or 0 for one in found.files.values())}, released "
                f"{sum(one.is_released for one in found.files.values())} {found.notices}"
            )
            for other in (".coverage", "lcov.info", "coverage.xml"):
                (top / other).unlink(missing_ok=True)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    main()
