"""Checking that a report's quote is in the code, and where.

The quote is looked up in the named side of the file, ignoring white space, nearest to the claimed
line. A report whose quote isn't found stays unanchored and never shows a place as certain.

A fingerprint distinguishes only kinds of claims. If a model makes two claims of one kind about the
same code, the first has the fingerprint, as it would alone, and the next one derived from it.
"""

from collections import OrderedDict

from xreview.domain.change import Change, FileDiff, Side
from xreview.domain.identity.anchor import NO_CONTEXT, Anchor, Context, beside, fingerprint
from xreview.domain.identity.claim import Claims, plain, words_of
from xreview.domain.identity.file_text import FileText
from xreview.domain.record import replace
from xreview.domain.report import Lens, Report
from xreview.ports.reviewer import ContentReader, RawReport

_KEPT_FILES = 8  # reports come file by file, so few files are needed again


class Grounding:
    """Turns raw reports into checked ones."""

    def __init__(self, change: Change, contents: ContentReader) -> None:
        self._change = change
        self._contents = contents
        self._texts: OrderedDict[tuple[str, Side], FileText | None] = OrderedDict()
        self._claims: dict[tuple[str, str, str], Claims] = {}

    async def check(self, raw: RawReport, lens: Lens) -> Report:
        """The report with its identity and its real place, if it has one."""
        file = self._change.by_path.get(raw.path)
        text = await self._text(file, raw.side) if file is not None else None
        found = text.occurrences(raw.quote) if text is not None else []
        length = max(0, raw.end_line - raw.start_line)
        if text is None or not found:
            identity = self._told_apart(raw, fingerprint(raw.claim_key, raw.quote, ""))
            return _report(raw, lens, identity, raw.start_line, NO_CONTEXT, anchored=False)
        start = min(found, key=lambda line: (abs(line - raw.start_line), line))
        headers = text.outline.headers(start)
        twin = sum(1 for line in found if line < start and text.outline.headers(line) == headers)
        own = fingerprint(raw.claim_key, raw.quote, "\n".join(headers), twin)
        identity = self._told_apart(raw, own)
        context = replace(text.context(start, start + length), line_hash=text.line_hash(start))
        return _report(raw, lens, identity, start, context, anchored=True)

    def _told_apart(self, raw: RawReport, identity: str) -> str:
        """The fingerprint, or one derived from it if this reviewer used it for another claim."""
        if raw.rule:
            return identity
        claims = self._claims.setdefault((raw.reviewer.name, raw.path, identity), Claims())
        said = words_of(raw.title, raw.claim)
        text = claims.earlier(said) or plain(said)
        return identity if claims.is_first(text) else beside(identity, text)

    async def _text(self, file: FileDiff, side: Side) -> FileText | None:
        key = (file.path, side)
        if key in self._texts:
            self._texts.move_to_end(key)
            return self._texts[key]
        content = await self._contents.read(file, side)
        text = None
        if content is not None:
            text = FileText(content.decode("utf-8", "surrogateescape"))
        self._texts[key] = text
        if len(self._texts) > _KEPT_FILES:
            self._texts.popitem(last=False)
        return text


def _report(
    raw: RawReport, lens: Lens, identity: str, start: int, context: Context, *, anchored: bool
) -> Report:
    end = start + max(0, raw.end_line - raw.start_line)
    return Report(
        fingerprint=identity,
        reviewer=raw.reviewer,
        lens=lens,
        rule=raw.rule,
        title=raw.title,
        claim=raw.claim,
        scenario=raw.scenario,
        category=raw.category,
        severity=raw.severity,
        confidence=raw.confidence,
        anchor=Anchor(raw.path, raw.side, start, end, raw.quote, context),
        anchored=anchored,
        suggestion=raw.suggestion,
        request=raw.request,
        settle=raw.settle,
        source=raw.source,
    )
