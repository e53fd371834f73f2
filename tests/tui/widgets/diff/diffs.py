"""Making diffs for tests: by hand, and any by hypothesis."""

from hypothesis import strategies as st

from xreview.domain.change import FileDiff, FileStatus

HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]52;c;AAAA\x07 \u202eevil\u2066 \x9b2J zero\u200bwidth [bold]no[/]"
)

line_texts = st.text(
    st.one_of(
        st.sampled_from("ab (.=\"'#\t"),
        st.sampled_from("\r\x00\x1b\x9b\u202e\u200d\ufe0f\u0301界🎉ｱ한⚠️é"),
        st.characters(exclude_characters="\n", exclude_categories=["Cs"]),
        st.just("\udce9"),
    ),
    max_size=30,
)

Marked = tuple[str, str]


def body_of(*hunks: tuple[int, int, list[Marked]]) -> bytes:
    """A diff body of hunks: (first old line, first new line, [(mark, text)])."""
    out: list[str] = []
    for old, new, lines in hunks:
        olds = sum(mark in " -" for mark, _ in lines)
        news = sum(mark in " +" for mark, _ in lines)
        out.append(f"@@ -{old},{olds} +{new},{news} @@ def section():")
        out += [mark + text for mark, text in lines]
    return ("\n".join(out) + "\n").encode("utf-8", "surrogateescape") if out else b""


def file_of(*hunks: tuple[int, int, list[Marked]], path: str = "src/app.py") -> FileDiff:
    return FileDiff(path, FileStatus.MODIFIED, old_mode="100644", body=body_of(*hunks))


def marked(text: str) -> list[Marked]:
    """Lines of a diff written down, each with its mark."""
    return [(line[0], line[1:]) for line in text.split("\n")]


@st.composite
def files(draw: st.DrawFn, path: str = "src/app.py", most_lines: int = 30) -> FileDiff:
    """A file with hunks in order, missing newlines at the end included."""
    hunks: list[tuple[int, int, list[Marked]]] = []
    old = new = 1
    for _ in range(draw(st.integers(0, 4))):
        gap = draw(st.integers(0, 20))
        old, new = old + gap, new + gap
        marks = draw(st.lists(st.sampled_from(" -+"), min_size=1, max_size=most_lines))
        lines = [(mark, draw(line_texts)) for mark in marks]
        hunks.append((old, new, lines))
        old += sum(mark in " -" for mark, _ in lines)
        new += sum(mark in " +" for mark, _ in lines)
    body = body_of(*hunks)
    if body and draw(st.booleans()):
        body += b"\\ No newline at end of file\n"
    return FileDiff(path, FileStatus.MODIFIED, body=body)
