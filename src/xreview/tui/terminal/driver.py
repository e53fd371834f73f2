"""Textual's terminal driver, told what the terminal was like before the first frame."""

import os
import signal
from types import FrameType

from textual.drivers.linux_driver import LinuxDriver

from xreview.tui.terminal.first_frame import FirstFrame


def driver_after(frame: FirstFrame) -> type[LinuxDriver]:
    """The driver for an app that takes over from a first frame."""

    class DriverAfterFirstFrame(LinuxDriver):
        """Takes the terminal over, and at its end puts back what was before the first frame.

        Stopped (SIGTSTP, SIGSTOP) and continued it takes the terminal over again.
        """

        def start_application_mode(self) -> None:
            """Take the terminal over."""
            modes = frame.hand_over()
            super().start_application_mode()
            if modes is not None:
                self.attrs_before = modes

        def _sigtstp_application(self, *_: int | FrameType | None) -> None:
            if not self._auto_restart:  # an editor has the terminal, and stops with us
                os.kill(os.getpid(), signal.SIGSTOP)
                return
            # A signal may come while the lock of the output's queue is held, which the handler
            # would wait for, for ever: the loop does it in its own time.
            self._loop.call_soon_threadsafe(self._stop)

        def _stop(self) -> None:
            self.suspend_application_mode()
            self._must_signal_resume = True
            # The whole group: where `git xreview` or a script started us and went on, the shell
            # would not know that it has the terminal again.
            os.killpg(os.getpgrp(), signal.SIGSTOP)

        def _sigcont_application(self, *_: int | FrameType | None) -> None:
            if self._auto_restart:
                self._loop.call_soon_threadsafe(self._go_on)

        def _go_on(self) -> None:
            if self._key_thread is not None and self._key_thread.is_alive():
                # Stopped by SIGSTOP, which gives no warning: the shell had the terminal meanwhile.
                self.suspend_application_mode()
            self._must_signal_resume = True
            self.resume_application_mode()

    return DriverAfterFirstFrame
