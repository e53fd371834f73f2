"""The early reading of the settings agrees with the full one, wherever that accepts them."""

import pytest

from xreview.config.load import load
from xreview.config.look import look_of
from xreview.config.paths import Folders


def files_of(tmp_path, text):
    own = Folders(*(tmp_path / name for name in ("config", "data", "cache", "state")))
    own.config.mkdir()
    if text is not None:
        own.config_file.write_text(text)
    return own


@pytest.mark.parametrize("option", [None, "light"])
@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"XREVIEW_THEME": "paper", "XREVIEW_TAB_SIZE": " 8 "},
        {"XREVIEW_THEME": "", "XREVIEW_TAB_SIZE": ""},
        {"XREVIEW_THEME": "a\nb", "XREVIEW_TAB_SIZE": "0"},
        {"XREVIEW_TAB_SIZE": "17"},
        {"XREVIEW_TAB_SIZE": "eight"},
        {"XREVIEW_TAB_SIZE": "9" * 5000},
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        'theme = "ember"\ntab_size = 2\n',
        "theme = 3\ntab_size = true\n",
        'tab_size = "2"\nnosuch = 1\n',
        'theme = """a\nb"""\n',
        "tab_size = 99",
        "theme = ",
    ],
)
def test_the_look_is_that_of_the_settings(tmp_path, text, environ, option):
    own = files_of(tmp_path, text)
    settings = load(own, None, environ, {} if option is None else {"theme": option}).settings
    look = look_of(own.config_file, environ, option)
    assert (look.theme, look.tab_size) == (settings.theme, settings.tab_size)


def test_git_gets_no_key_of_a_reviewer_before_the_settings_are_read(tmp_path):
    text = """
        [reviewers.work]
        provider = "openai"
        model = "m"
        key_variable = "WORK_MODEL"
        [reviewers.odd]
        key_variable = 3
        """
    own = files_of(tmp_path, text)
    assert look_of(own.config_file, {}).private == ("WORK_MODEL",)
