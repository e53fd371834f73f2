"""The heaps of the app's threads."""

import subprocess
import sys

import pytest

HEAPS = """
import ctypes, threading
from xreview.tui.terminal.heap import share_one_heap

share_one_heap()
gate = threading.Barrier(9)
def allocate():
    kept = [bytes(1000) for _ in range(1000)]
    gate.wait()
    gate.wait()
    del kept
for _ in range(8):
    threading.Thread(target=allocate).start()
gate.wait()
ctypes.CDLL(None).malloc_stats()
gate.wait()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the heaps are glibc's")
def test_threads_share_one_heap():
    done = subprocess.run([sys.executable, "-c", HEAPS], capture_output=True, text=True)
    if "malloc_stats" in done.stderr:
        pytest.skip("the C library isn't glibc")
    assert done.stderr.count("Arena ") == 1


def test_what_exists_is_not_looked_through_again():
    program = """
import gc
from xreview.tui.terminal.heap import settle_heap, share_one_heap

gc.disable()
settle_heap()
assert not gc.isenabled()
share_one_heap()
settle_heap()
assert gc.isenabled()
assert gc.get_freeze_count() > 1000
assert len(gc.get_objects()) < 100
"""
    subprocess.run([sys.executable, "-c", program], check=True)
