#!/usr/bin/env python3
"""Answers and ends, and leaves a child in its group and one in a session of its own behind.

Both hold its output open. With `HOME/stay` it does not end by itself.
"""

import os
import subprocess
import time
from pathlib import Path

home = Path(os.environ["HOME"])
children = [
    subprocess.Popen(["sleep", "600"]),
    subprocess.Popen(["sleep", "600"], start_new_session=True),
]
pids = [os.getpid(), *(child.pid for child in children)]
(home / "pids").write_text(" ".join(map(str, pids)))
print((home / "says").read_text(), flush=True)
if (home / "stay").exists():
    time.sleep(600)
