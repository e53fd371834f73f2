"""The embedded engines over whole files."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from xreview.analysers import engines, plan
from xreview.analysers.analysis import analyse
from xreview.analysers.linters import Enforced
from xreview.analysers.match import report_from_json
from xreview.analysers.source import OutOfDateError, Source
from xreview.domain.change import Change, ChangeKind, ChangeSource, FileDiff, FileStatus, Side
from xreview.domain.report import Report
from xreview.review.session.ground import Grounding


@dataclass
class Engines:
    """What the analysers say about a whole file, asked once for each content."""

    seen: dict[tuple[bytes, str | None, bool], list[Report]] = field(default_factory=dict)

    def reports(self, path: str, content: bytes) -> list[Report]:
        key = (content, plan.rules_language(path), plan.is_test(path))
        if key not in self.seen:
            self.seen[key] = list(self._asked(path, content))
        return [replace(one, anchor=replace(one.anchor, path=path)) for one in self.seen[key]]

    def _asked(self, path: str, content: bytes) -> Iterator[Report]:
        if not content or plan.skip_content(content) is not None:
            return
        rows = content.removesuffix(b"\n").split(b"\n")
        body = b"@@ -0,0 +1,%d @@\n" % len(rows) + b"".join(b"+" + row + b"\n" for row in rows)
        language = plan.rules_language(path) or ""
        source = Source.of(language, content, body, is_test=plan.is_test(path))
        try:
            found = analyse(source, Enforced())
        except OutOfDateError:
            return
        file = FileDiff(path, FileStatus.ADDED, new_mode="100644", body=body)
        grounding = Grounding(
            Change(ChangeSource(ChangeKind.COMMIT, "", ""), (file,)), _Given(content)
        )
        for match in found.problems:
            lens, raw = report_from_json(match.to_json(), path, engines.versions())
            yield asyncio.run(grounding.check(raw, lens))


class _Given:
    def __init__(self, content: bytes) -> None:
        self.content = content

    async def read(self, file: FileDiff, side: Side) -> bytes:
        return self.content
