"""The user's editor, for a text."""

from pathlib import Path

import pytest

from xreview.cli.editing import edited_text
from xreview.domain.errors import UsageError


def editor(folder: Path, body: str) -> str:
    file = folder / "editor.sh"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return str(file)


def test_it_gets_the_text_and_what_it_saves_comes_back(tmp_path) -> None:
    command = editor(tmp_path, f'cp "$1" {tmp_path}/seen; printf "b\\nc" > "$1"')
    assert edited_text("a\n", "task.md", command, tmp_path / "repository", "x") == "b\nc"
    assert (tmp_path / "seen").read_text() == "a\n"


def test_an_editor_that_fails_or_is_absent_is_a_sentence(tmp_path) -> None:
    for command, said in ((editor(tmp_path, "exit 3"), "exited with 3"), ("nowhere", "not found")):
        with pytest.raises(UsageError, match=said):
            edited_text("a", "task.md", command, tmp_path, "Use @FILE.")


def test_a_program_of_the_repository_is_not_started(tmp_path, monkeypatch) -> None:
    top = tmp_path / "project"
    (top / ".git").mkdir(parents=True)
    editor(top, f"/bin/touch {top}/started")
    monkeypatch.setenv("PATH", str(top))
    with pytest.raises(UsageError, match="not found"):
        edited_text("a", "task.md", "editor.sh", top, "Use @FILE.")
    assert not (top / "started").exists()
