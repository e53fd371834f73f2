"""Samples of bots' comments: real shapes with other words, and what must be read from them.

`source` says where the shape was seen. `constructed` marks a shape that was only documented.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xreview.domain.pull.pull import ForgeAccount
from xreview.imports.bots.adapter import BotAdapter, adapter_marked, adapter_of
from xreview.imports.bots.body import listed_findings
from xreview.imports.bots.comment import read_comment
from xreview.imports.bots.standing import standing_in

FOLDER = Path(__file__).parents[2] / "data" / "bots"


@dataclass(frozen=True)
class Sample:
    """One comment of a bot."""

    bot: str
    number: int
    login: str
    raw: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.bot}-{self.number}"

    @property
    def body(self) -> str:
        return self.raw["body"].removesuffix("\n")

    @property
    def is_constructed(self) -> bool:
        return self.raw.get("constructed", False)

    @property
    def adapter(self) -> BotAdapter | None:
        return adapter_of(ForgeAccount(self.login)) or adapter_marked(self.body)

    def checks(self) -> Iterator[tuple[str, object, object]]:
        """What is checked, what is expected and what was read."""
        adapter = self.adapter
        yield "adapter", True, adapter is not None
        if adapter is None:
            return
        if self.raw.get("kind") == "body":
            yield from self._of_body(adapter)
            return
        said = read_comment(self.body, adapter)
        assert said is not None
        yield "title", self.raw["title"], said.title
        yield "severity", self.raw["severity"], said.severity.word if said.severity else ""
        suggestion = said.suggestion.text if said.suggestion else ""
        yield "suggestion", self.raw.get("suggestion", ""), suggestion
        for name in ("id", "model"):
            if name in self.raw:
                yield name, self.raw[name], getattr(said, name)
        if "confidence" in self.raw:
            sure = said.confidence
            yield "confidence", self.raw["confidence"], sure.word if sure else ""
        yield "noise", [], [mark for mark in _NOISE if mark in said.claim]

    def _of_body(self, adapter: BotAdapter) -> Iterator[tuple[str, object, object]]:
        found = listed_findings(self.body, adapter)
        wanted = self.raw.get("findings", ())
        yield "count", len(wanted), len(found)
        for want, got in zip(wanted, found, strict=False):
            place = got.path, got.start_line, got.end_line
            yield "place", (want["path"], want["start"], want["end"]), place
            yield "title", want["title"], got.said.title
            word = got.said.severity.word if got.said.severity else ""
            yield "severity", want["severity"], word
            if "quote" in want:
                yield "quote", want["quote"], got.quote
            yield "noise", [], [mark for mark in _NOISE if mark in got.said.claim]
        standing = standing_in(self.body, adapter)
        yield "blind", self.raw.get("blind", ""), standing.blind
        yield "clean", self.raw.get("clean", False), standing.is_clean
        yield "commit", self.raw.get("commit", ""), standing.commit


_NOISE = (
    "Prompt for", "Prompt To Fix", "Agent Prompt", "Useful? React", "<!--", "<details", "<img",
    "https://cursor.com", "app.greptile.com", "app.qodo.ai", "Did we get this right",
    "Reviewed by [Cursor", "via Qwen Code", "badge",
)  # fmt: skip


def samples() -> list[Sample]:
    found: list[Sample] = []
    for path in sorted(FOLDER.glob("*.toml")):
        raw = tomllib.loads(path.read_text("utf-8"))
        found += [
            Sample(path.stem, number, raw["login"], one)
            for number, one in enumerate(raw["sample"], start=1)
        ]
    return found
