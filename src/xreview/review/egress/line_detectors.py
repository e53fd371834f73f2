"""The detectors of secrets by the words around them, from detect-secrets.

It could ask services whether a secret is valid, so each of its modules imports an HTTP client,
which takes longer to load than everything else here. Nothing is verified online: it gets none.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType
from typing import Any

_CLIENT = "requests"


@lru_cache(maxsize=1)
def line_detectors() -> tuple[Any, ...]:
    """The detectors, each with `analyze_line`. Call it under a lock: it imports them."""
    with _without_client():
        from detect_secrets.plugins.aws import AWSKeyDetector
        from detect_secrets.plugins.basic_auth import BasicAuthDetector
        from detect_secrets.plugins.high_entropy_strings import (
            Base64HighEntropyString,
            HexHighEntropyString,
        )
        from detect_secrets.plugins.keyword import KeywordDetector
        from detect_secrets.plugins.private_key import PrivateKeyDetector

    # The limits are the defaults of detect-secrets' command line.
    return (
        KeywordDetector(),
        Base64HighEntropyString(limit=4.5),
        HexHighEntropyString(limit=3.0),
        PrivateKeyDetector(),
        BasicAuthDetector(),
        AWSKeyDetector(),
    )


@contextmanager
def _without_client() -> Generator[None]:
    """An empty module in place of the HTTP client, for modules imported meanwhile."""
    if _CLIENT in sys.modules:
        yield
        return
    nothing = sys.modules[_CLIENT] = ModuleType(_CLIENT)
    try:
        yield
    finally:
        if sys.modules.get(_CLIENT) is nothing:
            del sys.modules[_CLIENT]
