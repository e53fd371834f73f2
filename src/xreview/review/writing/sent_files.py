"""The code that is sent along to a model that writes, as whole files or as parts of them.

Secret files and lines are left out as in a review.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from xreview.domain.authorship.line_ranges import merged_ranges
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible_code
from xreview.export.markdown_text import code_span
from xreview.review.egress.gate import Gate
from xreview.review.egress.secret_files import is_readable
from xreview.review.egress.secrets import without_lines
from xreview.review.prompt.compose import estimated_tokens, fenced
from xreview.review.writing.tree_files import TreeFiles

_AROUND = 40  # lines before and after a place, if its file is too large
_BINARY_PROBE = 8_000
_BYTES_PER_TOKEN = 3  # a high estimate: what has more can't be sent whole


@dataclass(frozen=True, slots=True)
class SentFile:
    """Consecutive lines of a file as they are sent; `lines` says which, in words."""

    path: str
    lines: str
    text: str


def files_to_send(
    places: Mapping[str, Sequence[tuple[int, int]]],
    files: TreeFiles,
    gate: Gate,
    tokens: int,
    ignores: Callable[[str], bool] = lambda path: False,
) -> tuple[SentFile, ...]:
    """Files in their order, at most so many tokens of them. Slow: call it in a thread.

    Args:
        places: 1-based inclusive lines by path; only they and the code around them are sent of a
            file that is too large.

    Raises ChangeError if a file exists but can't be read.
    """
    shown: list[SentFile] = []
    for path, lines in places.items():
        # Without places, a file is sent whole or not at all.
        most = None if lines else tokens
        text = _text(path, files, gate, most) if is_readable(path, ignores) else None
        for part in _parts(path, text, lines, tokens) if text is not None else ():
            size = estimated_tokens(part.text)
            if size <= tokens:
                shown.append(part)
                tokens -= size
    return tuple(shown)


def told_files(sent: Sequence[SentFile]) -> Iterable[str]:
    """The paragraphs of a question that show files."""
    for file in sent:
        yield f"{code_span(file.path)}, {file.lines}:"
        yield fenced("file", file.text)


def _text(path: str, files: TreeFiles, gate: Gate, most: int | None) -> str | None:
    content = files.read(path)
    if content is None or b"\0" in content[:_BINARY_PROBE]:
        return None
    if most is not None and len(content) > most * _BYTES_PER_TOKEN:
        return None  # looking for secrets takes long
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    text = without_lines(text, gate.file(text, path).lines)
    return "\n".join(map(visible_code, text.split("\n")))


def _parts(
    path: str, text: str, lines: Sequence[tuple[int, int]], tokens: int
) -> Iterable[SentFile]:
    rows = text.removesuffix("\n").split("\n")
    if estimated_tokens(text) <= tokens:
        return [SentFile(path, f"all {count_of(len(rows), 'line')}", text.removesuffix("\n"))]
    around = [
        (max(1, first - _AROUND), min(len(rows), last + _AROUND))
        for first, last in lines
        if first <= len(rows)
    ]
    return [
        SentFile(path, f"lines {first}-{last} of {len(rows)}", "\n".join(rows[first - 1 : last]))
        for first, last in merged_ranges(around)
    ]
