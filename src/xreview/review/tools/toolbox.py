"""Carrying out a model's tool calls, confined to the repository and within budgets.

Every failure is answered with a sentence that the model can act on. A repeated call gets the same
answer twice and is then refused: a model that repeats itself is stuck. Lines that look like secrets
are withheld as in the prompt.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from xreview.domain.errors import XReviewError
from xreview.domain.inside import relative_path
from xreview.domain.record import dataclass, replace
from xreview.domain.text import count_of
from xreview.hardening.lookalikes import told
from xreview.ports.model import ToolCall
from xreview.ports.request import ToolResult
from xreview.repo.files.tree import RepositoryTree
from xreview.review.egress.gate import Gate
from xreview.review.egress.secret_files import is_readable
from xreview.review.egress.secrets import without_lines
from xreview.review.reply.quote import shown_line
from xreview.review.session.contained import contained
from xreview.review.tools.definitions import MisuseError, arguments_of

MOST_HITS = 100
"""Lines in one search result."""

_RESULTS_AT_LEAST = 4  # results of the maximum length that fit into a small budget


@dataclass(frozen=True, slots=True)
class ToolBudget:
    """The limits for one request: bytes of all results and of one, and seconds of all calls
    together."""

    calls: int = 40
    bytes: int = 400_000
    result_bytes: int = 30_000
    seconds: float = 60.0


class Toolbox:
    """The tools of one request, with its budget. The gate finds the lines to withhold."""

    def __init__(
        self,
        tree: RepositoryTree,
        clock: Callable[[], float],
        ignores: Callable[[str], bool] = lambda path: False,
        budget: ToolBudget | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._gate = gate or Gate()
        self._tree = tree
        self._clock = clock
        self._ignores = ignores
        self._budget = budget or ToolBudget()
        self._answers: dict[str, str] = {}
        self._repeats: dict[str, int] = {}
        self._calls = 0
        self._bytes = 0
        self._seconds = 0.0
        self.withheld = 0
        """The number of lines withheld so far."""

    def limited(self, most_bytes: int) -> "Toolbox":
        """Itself, with the results limited to what the model's window has room for."""
        budget = self._budget
        most = min(budget.bytes, most_bytes)
        one = min(budget.result_bytes, max(most // _RESULTS_AT_LEAST, 1))
        self._budget = replace(budget, bytes=most, result_bytes=one)
        return self

    async def answer(self, call: ToolCall) -> ToolResult:
        """The result of a call, or a sentence about its failure."""
        try:
            with contained("This call"):
                return ToolResult(call, await self._answer(call))
        except XReviewError as why:
            return ToolResult(call, str(why), is_error=True)

    async def _answer(self, call: ToolCall) -> str:
        given = arguments_of(call.name, call.arguments)
        key = f"{call.name} {json.dumps(given, sort_keys=True)}"
        if key in self._answers:
            return self._again(key)
        self._spend_call()
        begin = self._clock()
        left = self._budget.seconds - self._seconds
        try:
            async with asyncio.timeout(left):
                text = await asyncio.to_thread(self._carry_out, call.name, given)
        except TimeoutError:
            raise MisuseError("This took too long. Ask for less, or answer now.") from None
        finally:
            self._seconds += self._clock() - begin
        text = self._fitting(text)
        self._bytes += len(text.encode("utf-8", "replace"))
        self._answers[key] = text
        return text

    def _again(self, key: str) -> str:
        self._repeats[key] = self._repeats.get(key, 0) + 1
        if self._repeats[key] > 2:
            raise MisuseError(
                "This call was already answered three times. Use that answer, or go on."
            )
        return self._answers[key]

    def _spend_call(self) -> None:
        budget = self._budget
        if self._calls >= budget.calls:
            raise MisuseError(f"All {budget.calls} calls are used up. Answer now.")
        if self._bytes >= budget.bytes or self._seconds >= budget.seconds:
            raise MisuseError("The reading budget is used up. Answer now.")
        self._calls += 1

    def _fitting(self, text: str) -> str:
        room = min(self._budget.result_bytes, self._budget.bytes - self._bytes)
        raw = text.encode("utf-8", "replace")
        if len(raw) <= room:
            return raw.decode("utf-8")
        kept = raw[:room].rpartition(b"\n")[0] or raw[:room]
        lines = text.count("\n") - kept.count(b"\n")
        return (
            kept.decode("utf-8", "ignore")
            + f"\n[cut here: {count_of(lines, 'more line')}. Ask for a smaller part.]"
        )

    # in a thread

    def _carry_out(self, name: str, given: dict[str, Any]) -> str:
        path = self._path(given.get("path"))
        if name == "read_file":
            return self._read_file(path, given.get("start_line"), given.get("end_line"))
        if name == "search":
            return self._search(given["pattern"], path)
        if name == "list_files":
            return self._list_files(path)
        return self._git_log(path)

    def _path(self, given: str | None) -> str:
        path = relative_path(given or "")
        if path is None:
            raise MisuseError(f"{given!r} is outside the repository. Give a path inside it.")
        return path

    def _is_readable(self, path: str) -> bool:
        return is_readable(path, self._ignores)

    def _read_file(self, path: str, start: int | None, end: int | None) -> str:
        if not self._is_readable(path):
            raise MisuseError(f"{path} may not be read.")
        content = self._tree.read(path)
        if content is None:
            raise MisuseError(f"{path!r} doesn't exist or can't be read. Try list_files.")
        if b"\0" in content[:8000]:
            raise MisuseError(f"{path} is binary.")
        text = content.decode("utf-8", "replace")
        numbers = self._gate.file(text, path).lines
        self.withheld += len(numbers)
        text = without_lines(text, numbers)
        lines = text.removesuffix("\n").split("\n")
        first = max(1, start or 1)
        last = min(len(lines), end or len(lines))
        if first > last:
            raise MisuseError(f"{path} has {count_of(len(lines), 'line')}.")
        rows = [f"{number}\t{_shown(lines[number - 1])}" for number in range(first, last + 1)]
        return "\n".join([f"{_name(path)}, lines {first} to {last} of {len(lines)}:", *rows])

    def _search(self, pattern: str, path: str) -> str:
        found = self._tree.search(pattern, path, MOST_HITS)
        hits = [hit for hit in found if self._is_readable(hit.path)]
        withheld = {path: self._withheld_in(path) for path in {hit.path for hit in hits}}
        # A withheld line must not even match: patterns could probe its characters.
        shown = [hit for hit in hits if hit.line not in withheld[hit.path]]
        self.withheld += len(hits) - len(shown)
        if not shown:
            return "Nothing matches."
        rows = [f"{_name(hit.path)}:{hit.line}: {_shown(hit.text)}" for hit in shown]
        if len(found) == MOST_HITS:
            rows.append(f"[the first {MOST_HITS} lines; narrow the pattern or the path for others]")
        return "\n".join(rows)

    def _withheld_in(self, path: str) -> frozenset[int]:
        content = self._tree.read(path) or b""
        return self._gate.file(content.decode("utf-8", "replace"), path).lines

    def _list_files(self, path: str) -> str:
        prefix = f"{path}/" if path else ""
        found = [
            one for one in self._tree.files if one.startswith(prefix) and self._is_readable(one)
        ]
        if not found:
            raise MisuseError(f"No folder {path!r} with readable files.")
        return "\n".join(map(_name, found))

    def _git_log(self, path: str) -> str:
        entries = self._tree.log(path or ".")
        if not entries:
            return "No commits."
        rows: list[str] = []
        for entry in entries:
            subject = self._gate.text(entry.subject)
            self.withheld += subject.withheld
            rows.append(f"{entry.id} {entry.day} {_shown(subject.text)}")
        return "\n".join(rows)


def _shown(line: str) -> str:
    """A line as in a prompt, with a warning if it has deceptive characters."""
    said = told(line)
    return f"{shown_line(line)}\n~~~ the line above {said}" if said else shown_line(line)


def _name(path: str) -> str:
    """A path, as a JSON string if it would break a line or deceive."""
    is_plain = path.isprintable() and not told(path)
    return path if is_plain else json.dumps(path)
