from pathlib import Path

import pytest
from platformdirs import PlatformDirs

from xreview.config.paths import Folders, folders


@pytest.mark.parametrize(
    "environ",
    [
        {"HOME": "/home/kim"},
        {"HOME": "/home/kim/"},
        {"HOME": "/"},
        {"HOME": "/home/kim", "XDG_CONFIG_HOME": "/etc/kim/", "XDG_STATE_HOME": "/s"},
        {"HOME": "/home/kim", "XDG_DATA_HOME": "relative", "XDG_CACHE_HOME": ""},
        {"HOME": "relative"},
        {},
    ],
)
def test_the_folders_are_those_of_the_platform(monkeypatch, environ):
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    dirs = PlatformDirs("xreview", appauthor=False)
    expected = (dirs.user_config_dir, dirs.user_data_dir, dirs.user_cache_dir, dirs.user_state_dir)
    assert folders({}) == Folders(*map(Path, expected))
