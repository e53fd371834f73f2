from hypothesis import given
from hypothesis import strategies as st

from xreview.models.wire.json_stream import LineReader


def read(*pieces: bytes) -> list[bytes]:
    reader = LineReader()
    return [line for piece in pieces for line in reader.feed(piece)] + reader.end()


@given(st.lists(st.binary(max_size=12) | st.sampled_from([b"\n", b"\r\n", b"\xe2\x80\xa8"])))
def test_any_pieces_give_the_lines_that_hold_something(pieces):
    whole = b"".join(pieces)
    assert read(*pieces) == [line for line in whole.split(b"\n") if line.strip()]


def test_the_last_line_needs_no_end():
    reader = LineReader()
    assert reader.feed(b'{"a":1}\n\n{"b"') == [b'{"a":1}']
    assert reader.feed(b":2}") == []
    assert reader.end() == [b'{"b":2}']
    assert reader.end() == []
