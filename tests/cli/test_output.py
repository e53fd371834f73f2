"""Output files appear whole, and never through a link that a repository may have put there."""

import os
import stat
import threading
from pathlib import Path

import pytest

from xreview.cli.output import check_target, deliver
from xreview.domain.errors import UsageError


def refusal(path: Path) -> str:
    """What both the early check and the delivery say."""
    with pytest.raises(UsageError) as early:
        check_target(str(path))
    with pytest.raises(UsageError) as late:
        deliver("x", str(path))
    assert str(early.value) == str(late.value)
    return str(early.value)


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        deliver("text é\n", str(tmp_path / "out.md"))
    finally:
        os.umask(before)
    assert (tmp_path / "out.md").read_text("utf-8") == "text é\n"
    assert stat.S_IMODE((tmp_path / "out.md").stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["out.md"], "nothing else is left"


def test_a_file_that_exists_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    out = tmp_path / "out.md"
    out.write_text("a longer text that was there before")
    out.chmod(0o600)
    with out.open() as reader:
        deliver("new", str(out))
        assert reader.read() == "a longer text that was there before", "never half a file"
    assert out.read_text() == "new"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_link_is_refused_and_its_target_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")
    (tmp_path / "out.md").symlink_to(target)
    assert "is a symbolic link" in refusal(tmp_path / "out.md")
    assert target.read_text() == "precious"


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.md").symlink_to(tmp_path / "made-by-attack")
    assert "is a symbolic link" in refusal(tmp_path / "out.md")
    assert not (tmp_path / "made-by-attack").exists()


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder. Name a file in it." in refusal(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "No such file or directory" in refusal(tmp_path / "missing" / "out.md")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "Permission denied" in refusal(tmp_path / "out.md")
    tmp_path.chmod(0o700)


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    deliver("through the pipe", str(pipe))
    reader.join(60)
    assert read == ["through the pipe"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_by_a_link_is_written_to() -> None:
    deliver("x", "/dev/null")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_no_output_and_a_dash_are_standard_output(capfdbinary: pytest.CaptureFixture) -> None:
    deliver("one é\n", None)
    deliver("two\n", "-")
    assert capfdbinary.readouterr().out == "one é\ntwo\n".encode()
    assert not Path("-").exists()
