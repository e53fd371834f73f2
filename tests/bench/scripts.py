"""Makes the scripts of `bench/` importable."""

import sys
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench"


def make_importable() -> None:
    if str(BENCH) not in sys.path:
        sys.path.append(str(BENCH))
