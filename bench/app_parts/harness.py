"""`tuibench.py`, which here looks only at one part of the screen for the effect of a key.

    python bench/app_parts/harness.py TOOLS vs --spec …

While reviewers run, the status and the list change by themselves. For a subject with `ignore_rows`,
those rows and the list's columns at the left are not looked at after the text to wait for was seen.
"""

import sys
from typing import Any

LIST_WIDTH = 40
"""Columns of pane 1 and its frame at 160 columns."""


def main() -> None:
    sys.path.insert(0, sys.argv.pop(1))
    import tuibench  # type: ignore[import-not-found] # the tools' folder is an argument

    class PartScreen(tuibench.Screen):
        def commit(self, ignore: Any = ()) -> bool:
            if not ignore:
                return super().commit()
            before = {y: [part[LIST_WIDTH:] for part in self.shown[y]] for y in self.dirty}
            super().commit()
            return any(
                [part[LIST_WIDTH:] for part in self.shown[y]] != parts
                for y, parts in before.items()
                if y not in ignore
            )

    class PartSession(tuibench.Session):
        def parse(self) -> None:
            given = self.ignore
            self.ignore = () if self.waiting else given
            try:
                super().parse()
            finally:
                self.ignore = given

    tuibench.Screen, tuibench.Session = PartScreen, PartSession
    tuibench.main()


if __name__ == "__main__":
    main()
