"""The recorded tour: a short one, with the real program."""

import json
import shutil
from xml.etree import ElementTree

import pytest
from tools.tour import SIZE, STEPS, record, write
from tools.tour_files import MOST_BYTES, Frame, cast, svg

NAME = "{http://www.w3.org/2000/svg}"


def checked_cast(text: str) -> str:
    """What a valid asciinema v2 cast plays."""
    header, *events = [json.loads(line) for line in text.splitlines()]
    assert header["version"] == 2
    assert (header["width"], header["height"]) == SIZE
    times = [at for at, _, _ in events]
    assert times == sorted(times)
    assert {kind for _, kind, _ in events} == {"o"}
    return "".join(data for _, _, data in events)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux")
def test_a_short_tour_makes_a_cast_and_a_picture_that_plays_without_a_script(tmp_path):
    recording = record(STEPS[:2])
    write(recording, tmp_path)

    played = checked_cast((tmp_path / "tour.cast").read_text("utf-8"))
    assert "1 accepted" in played
    picture = (tmp_path / "tour.svg").read_text("utf-8")
    assert len(picture.encode()) < MOST_BYTES
    root = ElementTree.fromstring(picture)
    assert len([one for one in root.iter(f"{NAME}g") if one.get("class") == "f"]) == len(
        recording.frames
    )
    assert not list(root.iter(f"{NAME}script"))
    assert "1 accepted" in "".join(root.itertext())


def test_colours_and_times_are_kept():
    rows = ("\x1b[1;38;2;1;2;3mbold <&>\x1b[0m plain", "\x1b[7mreversed", "still\x1b[48;5;196m!")
    frames = [Frame(0, rows), Frame(1.5, (*rows[:2], "now"))]

    picture = svg(frames, 3, SIZE)
    ElementTree.fromstring(picture)
    assert "fill:#010203;font-weight:bold" in picture
    assert "50.000%,100.000%{visibility:visible}" in picture
    assert "fill:#ff0000" in picture
    second = json.loads(cast(frames, 3, SIZE).splitlines()[2])
    assert second[0] == 1.5
    assert "now" in second[2]
    assert "bold" not in second[2]
    assert second[2].index("\x1b[7m") < second[2].index("now")
