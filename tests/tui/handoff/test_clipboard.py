"""Copying by programs of the machine; the programs here are made up."""

from pathlib import Path

import pytest

from xreview.domain.change import Side
from xreview.tui.handoff import clipboard_programs
from xreview.tui.handoff.clipboard import code_to_copy, place_to_copy
from xreview.tui.handoff.clipboard_programs import copy_with_program
from xreview.tui.widgets.diff.code_range import CodeRange

EVERYWHERE = {"TMUX": "/tmp/tmux,1,0", "WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}


def program(folder: Path, name: str, script: str = "") -> None:
    """Make a program that keeps its arguments, its environment and what it's given."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    kept = folder / f"{name}.kept"
    file.write_text(
        f'#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n{{ echo "$@"; cat; env; }} > "{kept}"\n'
    )
    file.chmod(0o755)


def kept(folder: Path, name: str) -> str:
    file = folder / f"{name}.kept"
    return file.read_text() if file.exists() else ""


@pytest.mark.parametrize(
    ("variables", "name", "arguments"),
    [
        (("TMUX", "WAYLAND_DISPLAY", "DISPLAY"), "tmux", "load-buffer -w -"),
        (("WAYLAND_DISPLAY", "DISPLAY"), "wl-copy", ""),
        (("DISPLAY",), "xclip", "-selection clipboard -in"),
        ((), "pbcopy", ""),
    ],
)
def test_the_first_program_whose_display_is_there_takes_the_text(
    tmp_path: Path, variables: tuple[str, ...], name: str, arguments: str
) -> None:
    for one in ("tmux", "wl-copy", "xclip", "xsel", "pbcopy"):
        program(tmp_path, one)
    environ = {"PATH": str(tmp_path), **{name: EVERYWHERE[name] for name in variables}}
    assert copy_with_program("one\ntwo é", environ, ()) == name
    assert kept(tmp_path, name).startswith(f"{arguments}\none\ntwo é")
    assert [one.name for one in tmp_path.glob("*.kept")] == [f"{name}.kept"]


def test_a_program_that_fails_or_hangs_makes_room_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard_programs, "_SECONDS", 1.0)
    program(tmp_path, "tmux", "exit 1")
    program(tmp_path, "wl-copy", "exec sleep 600")
    program(tmp_path, "xsel")
    assert copy_with_program("x", {"PATH": str(tmp_path), **EVERYWHERE}, ()) == "xsel"


def test_without_a_program_nobody_took_it(tmp_path: Path) -> None:
    assert copy_with_program("x", {"PATH": str(tmp_path), **EVERYWHERE}, ()) == ""


def test_no_program_comes_from_the_repository(tmp_path: Path) -> None:
    program(tmp_path / "repository", "tmux")
    program(tmp_path / "own", "tmux")
    path = f"{tmp_path / 'repository'}:.:{tmp_path / 'own'}"
    folders = (tmp_path / "repository",)
    assert copy_with_program("x", {"PATH": path, **EVERYWHERE}, folders) == "tmux"
    assert not kept(tmp_path / "repository", "tmux")
    environ = {"PATH": str(tmp_path / "repository"), **EVERYWHERE}
    assert copy_with_program("x", environ, folders) == ""


def test_a_program_is_not_given_keys(tmp_path: Path) -> None:
    program(tmp_path, "tmux")
    environ = {"PATH": str(tmp_path), "OPENAI_API_KEY": "sk-secret", **EVERYWHERE}
    copy_with_program("x", environ, ())
    assert "sk-secret" not in kept(tmp_path, "tmux")
    assert "TMUX=" in kept(tmp_path, "tmux")


def test_code_is_copied_without_what_acts_on_a_terminal() -> None:
    plain = CodeRange("a.py", Side.NEW, 3, 4, "one\r\n\ttwo\r")
    assert code_to_copy(plain) == ("one\n\ttwo", "2 lines")
    hostile = CodeRange("a.py", Side.NEW, 3, 3, "x\x1b[201~rm\u202e")
    text, words = code_to_copy(hostile)
    assert text == "x␛[201~rm⇄"
    assert words == "1 line (hidden characters replaced)"


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(3, 3, "a.py:3"), (3, 7, "a.py:3-7"), (0, 0, "a.py")]
)
def test_a_place_names_its_lines(first: int, last: int, expected: str) -> None:
    assert place_to_copy(CodeRange("a.py", Side.NEW, first, last, "")) == expected
