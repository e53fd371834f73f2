#!/usr/bin/env python3
"""Prints `HOME/says`, complains `HOME/complains`, and exits with the number in `HOME/status`.

Keeps what it was given in `HOME/given.json`: arguments, environment, prompt, folder.
"""

import json
import os
import sys
from pathlib import Path

home = Path(os.environ["HOME"])
given = {
    "arguments": sys.argv[1:],
    "environment": dict(os.environ),
    "prompt": sys.stdin.read(),
    "folder": str(Path.cwd()),
}
(home / "given.json").write_text(json.dumps(given))
sys.stderr.write((home / "complains").read_text() if (home / "complains").exists() else "")
sys.stderr.flush()
sys.stdout.write((home / "says").read_text())
sys.stdout.flush()
sys.exit(int((home / "status").read_text()) if (home / "status").exists() else 0)
