"""The lines that a unified diff adds, where an agent wrote or logged one (diff(1))."""

from collections.abc import Iterator


def added_by_file(diff: str) -> Iterator[tuple[str, str]]:
    """Each file that the diff adds lines to, "" where it names none, with these lines."""
    path = ""
    rows: list[str] = []
    in_hunk = False
    for row in diff.split("\n"):
        if row.startswith("@@"):
            in_hunk = True
        elif row.startswith(("--- ", "diff ", "Index: ")):
            in_hunk = False
        elif not in_hunk and row.startswith("+++ "):
            if rows:
                yield path, "\n".join(rows)
            path, rows = row[4:].split("\t")[0].strip().removeprefix("b/"), []
        elif in_hunk and row.startswith("+"):
            rows.append(row[1:])
    if rows:
        yield path, "\n".join(rows)
