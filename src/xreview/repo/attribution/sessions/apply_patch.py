"""The patches that OpenAI's models write: what each file of one gets.

A patch stands between `*** Begin Patch` and `*** End Patch`; a file begins with `*** Add File: `,
`*** Update File: ` (a `*** Move to: ` may follow) or `*** Delete File: `, and lines begin with
`+`, `-`, a space or `@@` (the apply_patch instructions in openai/codex).
"""

from collections.abc import Iterator

BEGIN = "*** Begin Patch"
_FILE = ("*** Add File: ", "*** Update File: ")
_MOVE = "*** Move to: "


def patched_files(text: str) -> Iterator[tuple[str, str]]:
    """Each file that a patch adds lines to, with these lines; `text` may hold more around it."""
    path = ""
    rows: list[str] = []
    for row in text.partition(BEGIN)[2].split("\n"):
        if row.startswith("+"):
            rows.append(row[1:])
        elif row.startswith(_MOVE):
            path = row.removeprefix(_MOVE).strip()
        elif row.startswith("*** ") and not row.startswith("*** End of File"):
            if path and rows:
                yield path, "\n".join(rows)
            mark = next((mark for mark in _FILE if row.startswith(mark)), "")
            path, rows = row.removeprefix(mark).strip() if mark else "", []
    if path and rows:
        yield path, "\n".join(rows)
