"""Reading objects through GitPython, to the end of the program."""

import os
import subprocess
import sys

from tests.repo.builder import Builder

LEFT_OPEN = """
import sys
from pathlib import Path
from xreview.repo.git import ObjectReader
from xreview.repo.repository import find_repository

reader = ObjectReader(find_repository(Path(sys.argv[1])))
assert reader.read(sys.argv[2], "commit", 10_000)
"""


def test_a_program_that_ends_while_git_runs_is_not_aborted(tmp_path):
    builder = Builder(tmp_path)
    builder.write("a.py", "one = 1\n")
    commit = builder.commit("first")
    done = subprocess.run(
        [sys.executable, "-c", LEFT_OPEN, str(tmp_path), commit],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
