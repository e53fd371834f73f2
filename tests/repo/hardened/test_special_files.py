"""What git may wait for, and what it never does."""

import os
from pathlib import Path

from xreview.repo.hardened.special_files import find_special_file


def test_the_null_device_keeps_nobody(tmp_path: Path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").symlink_to(os.devnull)
    assert find_special_file(tmp_path, {"GIT_CONFIG_GLOBAL": os.devnull}) is None


def test_a_pipe_and_another_device_do(tmp_path: Path):
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / ".gitignore")
    assert find_special_file(tmp_path, {}) == tmp_path / ".gitignore"
    assert find_special_file(tmp_path, {"GIT_CONFIG_GLOBAL": "/dev/zero"}) == Path("/dev/zero")
