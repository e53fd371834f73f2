"""Reads the terminal for Textual, until it is told to stop or the terminal is gone."""

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual._xterm_parser import XTermParser
from textual.message import Message

from xreview.review.session.quiet import QUIET

_TICK_SECONDS = 0.1
"""How often the parser looks whether an Escape was a key of its own, as in Textual."""


class TerminalInput:
    """What is typed, as Textual's messages.

    Textual's own reader notices a stop only with its next tick and then waits for one more, which
    was most of the time that quitting took. Once the terminal is gone, it reads in a circle.
    """

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno
        self._stopped, self._stopping = os.pipe()
        self.is_gone = False

    def stop(self) -> None:
        """End `messages`, from any thread."""
        os.write(self._stopping, b"\0")

    def close(self) -> None:
        """Free the pipe. Call it after `messages` ended."""
        os.close(self._stopped)
        os.close(self._stopping)

    def messages(self) -> Iterator[Message]:
        """Yield what is typed until `stop`; where the terminal is gone, end and set `is_gone`."""
        parser = XTermParser()
        # A terminal that isn't set to UTF-8 sends bytes that are none; they must not end the app.
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self._fileno, selectors.EVENT_READ)
            selector.register(self._stopped, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select(_TICK_SECONDS)}
                if self._stopped in ready:
                    return
                if self._fileno in ready:
                    if not (read := self._read()):
                        self.is_gone = True
                        return
                    QUIET.begin()
                    yield from parser.feed(decode(read))
                yield from parser.tick()

    def _read(self) -> bytes:
        try:
            return os.read(self._fileno, 4096)
        except OSError:  # EIO: a terminal without another side
            return b""
