import os
import signal

import pytest

from xreview.demo.place import demonstration
from xreview.domain.errors import UsageError


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_everything_is_in_one_folder_that_is_removed(temporary, tmp_path):
    with demonstration() as place:
        assert place.repository.is_relative_to(temporary)
        folders = place.folders(tmp_path / "config")
        for own in (folders.data, folders.cache, folders.state, folders.journal):
            assert own.is_relative_to(place.folder)
        assert (place.repository / ".git").is_dir()
    assert list(temporary.iterdir()) == []


def test_it_is_removed_after_a_failure(temporary):
    with pytest.raises(ZeroDivisionError), demonstration():
        raise ZeroDivisionError
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_is_removed_when_the_program_is_ended(temporary, number):
    before = signal.getsignal(number)
    with pytest.raises(SystemExit) as ended, demonstration():
        signal.raise_signal(number)
    assert ended.value.code == 128 + number
    assert list(temporary.iterdir()) == []
    assert signal.getsignal(number) is before


def test_a_kept_one_stays(tmp_path):
    with demonstration(tmp_path / "kept" / "here") as place:
        pass
    assert (place.repository / "payments" / "oauth.py").is_file()


def test_a_folder_with_something_in_it_is_not_used(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="empty"), demonstration(tmp_path):
        pass
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["mine.txt"]


def test_a_folder_that_can_not_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="can't be used"), demonstration(tmp_path / "file" / "x"):
        pass


def test_git_is_not_led_to_another_repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    with demonstration():
        assert "GIT_DIR" not in os.environ
        assert "GIT_INDEX_FILE" not in os.environ
