"""What became of an agent's own attempts to read: whether any of them worked."""

from xreview.domain.text import count_of, shorten

_QUOTED = 120


class Attempts:
    """Counts the calls of tools in one run."""

    def __init__(self) -> None:
        self._worked = 0
        self._failures: list[str] = []

    def ended(self, *, is_ok: bool, said: str = "") -> None:
        """One call ended; `said` is what it printed, raw."""
        if is_ok:
            self._worked += 1
        else:
            self._failures.append(said)

    @property
    def trouble(self) -> str:
        """Why its answer is that of somebody who could not read, "" where it could or did not try.

        A clause: "all 3 of its attempts to read failed (“bwrap: no such file”)".
        """
        if self._worked or not self._failures:
            return ""
        count = len(self._failures)
        which = "its only attempt" if count == 1 else f"all {count_of(count, 'attempt')} of its own"
        first = next((" ".join(said.split()) for said in self._failures if said.strip()), "")
        quoted = f" (“{shorten(first, _QUOTED)}”)" if first else ""
        return f"{which} to read failed{quoted}"
