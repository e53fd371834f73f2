"""One heap for all threads: glibc gives each thread its own, and keeps what it no longer needs."""

import ctypes
import sys

_MOST_ARENAS = -8  # M_ARENA_MAX in glibc's malloc.h


def share_one_heap() -> None:
    """Have the threads that start from now on share the memory that others have freed.

    Sixteen heaps hold 10 to 15 MB that nothing uses. Only one thread of Python allocates at a time,
    so none waits for another. Does nothing where the C library isn't glibc.
    """
    if not sys.platform.startswith("linux"):
        return
    adjust = getattr(ctypes.CDLL(None), "mallopt", None)
    if adjust is not None:
        adjust(_MOST_ARENAS, 1)
