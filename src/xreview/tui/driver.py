"""Textual's terminal driver, told what the terminal was like before the first frame."""

from textual.drivers.linux_driver import LinuxDriver

from xreview.tui.first_frame import FirstFrame


def driver_after(frame: FirstFrame) -> type[LinuxDriver]:
    """The driver for an app that takes over from a first frame."""

    class DriverAfterFirstFrame(LinuxDriver):
        """Takes the terminal over, and at its end puts back what was before the first frame."""

        def start_application_mode(self) -> None:
            """Take the terminal over."""
            modes = frame.hand_over()
            super().start_application_mode()
            if modes is not None:
                self.attrs_before = modes

    return DriverAfterFirstFrame
