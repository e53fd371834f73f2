"""Textual's terminal driver, with suspend and resume that keep the terminal usable."""

import os
import signal
from contextlib import suppress
from types import FrameType
from typing import Any, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver

from xreview.tui.terminal.columns import in_columns
from xreview.tui.terminal.first_frame import FirstFrame
from xreview.tui.terminal.input import TerminalInput
from xreview.tui.terminal.window import RESTORE_TITLE, SAVE_TITLE


class _OutputUntilHangup:
    """The terminal's output. Once the terminal is gone, writing does nothing.

    An error would end Textual's thread that writes, and the app would wait for it forever.
    """

    def __init__(self, file: TextIO) -> None:
        self._terminal = file

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._terminal.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._terminal.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._terminal, name)


def driver_after(frame: FirstFrame) -> type[LinuxDriver]:
    """Return the driver for an app that takes over from a first frame."""

    class DriverAfterFirstFrame(LinuxDriver):
        """Restores the terminal modes from before the first frame at exit.

        After a stop (SIGTSTP, SIGSTOP) and a SIGCONT it takes the terminal over again.
        """

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._file = cast("TextIO", _OutputUntilHangup(self._file))
            self._goes_on = False
            self._input: TerminalInput | None = None

        def start_application_mode(self) -> None:
            """Take the terminal over."""
            modes = frame.hand_over()
            self._input = TerminalInput(self.fileno)
            super().start_application_mode()
            if modes is not None:
                self.attrs_before = modes
            self.write(SAVE_TITLE)

        def stop_application_mode(self) -> None:
            """Give the terminal back, with the title it had."""
            self.write(RESTORE_TITLE)
            super().stop_application_mode()

        def disable_input(self) -> None:
            """Stop reading keys."""
            if self._input is None:
                return
            self._input.stop()
            super().disable_input()
            self._input.close()
            self._input = None

        def run_input_thread(self) -> None:
            """Read keys, in a thread; where the terminal is gone, have the app leave."""
            if (reading := self._input) is None:
                return
            for message in reading.messages():
                self.process_message(message)
            if reading.is_gone:
                # Only the leader of the session is told: without job control (`make run`, a script)
                # that is another process, which may wait for us.
                os.kill(os.getpid(), signal.SIGHUP)

        def write(self, data: str) -> None:
            """Write, with everything in the columns where Textual thinks it is."""
            super().write(in_columns(data))

        def _sigtstp_application(self, *_: int | FrameType | None) -> None:
            if not self._auto_restart:  # an editor has the terminal and stops with us
                os.kill(os.getpid(), signal.SIGSTOP)
                return
            # The signal can arrive while the lock of the output queue is held; waiting for it in
            # the handler would deadlock, so the event loop does the work.
            self._loop.call_soon_threadsafe(self._stop)

        def _stop(self) -> None:
            self.suspend_application_mode()
            self._must_signal_resume = True
            # The whole group: if `git xreview` or a script started us and kept running, the shell
            # would not notice that it has the terminal back.
            os.killpg(os.getpgrp(), signal.SIGSTOP)
            # A SIGCONT to this process alone leaves our git processes stopped.
            os.killpg(os.getpgrp(), signal.SIGCONT)

        def _sigcont_application(self, *_: int | FrameType | None) -> None:
            if self._auto_restart and not self._goes_on:
                self._goes_on = True
                self._loop.call_soon_threadsafe(self._go_on)

        def _go_on(self) -> None:
            self._goes_on = False
            if self._key_thread is not None and self._key_thread.is_alive():
                # SIGSTOP gives no warning; the shell had the terminal meanwhile.
                self.suspend_application_mode()
            self._must_signal_resume = True
            self.resume_application_mode()

    return DriverAfterFirstFrame
