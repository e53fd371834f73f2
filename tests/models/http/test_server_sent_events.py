import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.models.http.event_stream import ServerSentEvent, ServerSentEventReader

# Everything that some line splitter somewhere splits at, and more.
LINES = st.text(st.sampled_from("a: {}é😀\u2028\u2029\x85\x0b\x0c\x1c\ufeff\0"), max_size=8)
EVENTS = st.lists(
    st.builds(
        ServerSentEvent,
        st.sampled_from(["", "message_start", "é"]),
        st.lists(LINES, min_size=1, max_size=3).map("\n".join),
    ),
    max_size=5,
)
NEWLINES = st.sampled_from(["\n", "\r", "\r\n"])


def written(events: list[ServerSentEvent], newline: str, has_mark: bool) -> bytes:
    lines: list[str] = [": a comment", "id: 7", "retry: 10", "data-like: no", ""]
    for event in events:
        lines += [f"event: {event.name}"] if event.name else []
        lines += [f"data: {line}" for line in event.data.split("\n")]
        lines += [":", ""]
    text = newline.join([*lines, ""])
    return (b"\xef\xbb\xbf" if has_mark else b"") + text.encode()


def read(*pieces: bytes) -> list[ServerSentEvent]:
    reader = ServerSentEventReader()
    return [event for piece in pieces for event in reader.feed(piece)]


@given(EVENTS, NEWLINES, st.booleans())
def test_what_was_written_is_read(events, newline, has_mark):
    assert read(written(events, newline, has_mark)) == events


@given(EVENTS, NEWLINES, st.booleans())
def test_a_split_at_every_byte_changes_nothing(events, newline, has_mark):
    stream = written(events, newline, has_mark)
    for place in range(len(stream) + 1):
        assert read(stream[:place], b"", stream[place:]) == events
    assert read(*(stream[i : i + 1] for i in range(len(stream)))) == events


@given(st.lists(st.binary(max_size=20) | st.sampled_from([b"\r", b"\n", b"\r\n", b"data:a"])))
def test_any_bytes_in_any_pieces_are_read_the_same(pieces):
    assert read(*pieces) == read(b"".join(pieces))


@pytest.mark.parametrize(
    ("stream", "data"),
    [
        (b"data:x\n\n", ["x"]),
        (b"data:  x\n\n", [" x"]),
        (b"data\n\n", [""]),
        (b"data: a\ndata: b\r\n\r\n", ["a\nb"]),
        (b"event: only a name\n\ndata: x\n\n", ["x"]),
        (b"data: cut off\n", []),
        (b"data: cut off", []),
        (b"\n\n\r\r\r\n", []),
        (b"data: \xff\xfe\n\n", ["\ufffd\ufffd"]),
        (b'data: {"a":"\xe2\x80\xa8"}\n\n', ['{"a":"\u2028"}']),
    ],
)
def test_the_standard_is_followed(stream, data):
    assert [event.data for event in read(stream)] == data


def test_a_name_does_not_outlive_its_event():
    names = [event.name for event in read(b"event: a\ndata: 1\n\ndata: 2\n\n")]
    assert names == ["a", ""]


def test_a_long_line_in_small_pieces_takes_linear_work():
    """Joined once: were it joined at each piece, a million characters would be 125 GB of copies."""
    piece = b"x" * 4
    reader = ServerSentEventReader()
    reader.feed(b"data: ")
    for _ in range(250_000):
        assert reader.feed(piece) == []
    (event,) = reader.feed(b"\n\n")
    assert len(event.data) == 1_000_000
