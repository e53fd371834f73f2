#!/usr/bin/env python3
"""Says that it began, ignores SIGTERM and SIGINT, and never ends."""

import os
import signal
import time
from pathlib import Path

signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)
Path(os.environ["HOME"], "pids").write_text(str(os.getpid()))
print('{"type": "stream_event", "event": {"type": "content_block_start",', flush=True, end="")
print(' "content_block": {"type": "thinking"}}}', flush=True)
time.sleep(600)
