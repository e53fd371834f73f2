#!/usr/bin/env python3
"""Prints `HOME/says` without reading what it is asked."""

import os
import sys
from pathlib import Path

sys.stdout.write((Path(os.environ["HOME"]) / "says").read_text())
