"""Files that a shell command writes from a here-document (sh(1), "Redirection")."""

import re
from collections.abc import Iterator

_START = re.compile(r"<<-?\s*(['\"]?)([A-Za-z_]\w*)\1")
_TARGET = re.compile(r"(?:>{1,2}|\btee\s+(?:-a\s+)?)\s*('[^'\n]+'|\"[^\"\n]+\"|[^\s'\"&|;<>()]+)")


def here_documents(command: str) -> Iterator[tuple[str, str]]:
    """Each file that gets one, as it is named there, with the text; the shell expands nothing."""
    rows = iter(command.split("\n"))
    for row in rows:
        start, target = _START.search(row), _TARGET.search(row)
        if start is None:
            continue
        text: list[str] = []
        for inner in rows:
            if inner.strip("\t") == start[2]:
                break
            text.append(inner)
        if target is not None:
            yield target[1].strip("'\""), "\n".join(text)
