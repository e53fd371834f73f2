#!/usr/bin/env python3
"""Writes 4 MB to standard error before it reads its prompt, and then answers with `HOME/says`."""

import os
import sys
from pathlib import Path

for _ in range(64):
    sys.stderr.write(
        "Attempt 1 failed with status 503. Retrying with backoff... secret-prompt\n" * 1000
    )
sys.stdin.read()
print(Path(os.environ["HOME"], "says").read_text())
