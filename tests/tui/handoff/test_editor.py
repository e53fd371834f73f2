from pathlib import Path

import pytest

from xreview.domain.errors import UsageError
from xreview.tui.handoff.editor import editor_command

FILE = Path("/repo/-x y.py")


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        ("vim", ["vim", "+7", str(FILE)]),
        ("/usr/bin/nvim -p", ["/usr/bin/nvim", "-p", "+7", str(FILE)]),
        ("code --wait", ["code", "--wait", "--goto", f"{FILE}:7"]),
        ("hx", ["hx", f"{FILE}:7"]),
        ("pycharm", ["pycharm", "--line", "7", str(FILE)]),
        ("ed", ["ed", str(FILE)]),
        ("'/opt/my editor/vim'", ["/opt/my editor/vim", "+7", str(FILE)]),
    ],
)
def test_each_family_of_editors_gets_the_line_its_way(editor, command):
    assert editor_command(editor, FILE, 7) == command


@pytest.mark.parametrize("editor", ["", "  ", "vim 'unclosed"])
def test_no_editor_is_a_sentence(editor):
    with pytest.raises(UsageError) as refusal:
        editor_command(editor, FILE, 1)
    assert "EDITOR" in str(refusal.value)
