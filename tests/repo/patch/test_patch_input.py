"""Where a patch comes from: files, pipes, standard input, and what is none of them."""

import os
import socket
import subprocess
import sys
import threading

import pytest

from xreview.domain.change import NO_FILE
from xreview.domain.errors import ChangeError, UsageError
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.patch.input import PatchBounds, files_of, open_patch
from xreview.repo.patch.lines import lines
from xreview.repo.patch.prefixes import nothing_exists
from xreview.repo.patch.splitting import Limits, split_patch

PATCH = b"--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n"


def read(folder, name, **patience) -> tuple[bytes, str]:
    patch = open_patch(ChangeRequest(folder, patch=name), name)
    return b"".join(patch.chunks(PatchBounds(**patience))), patch.unread


# --- what is refused


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/null", "/dev/urandom", "/dev/tty"])
def test_a_device_is_refused(tmp_path, name):
    with pytest.raises(ChangeError, match="it's a device"):
        collect(ChangeRequest(tmp_path, patch=name))


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ChangeError, match="it's a directory"):
        collect(ChangeRequest(tmp_path, patch="."))


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # its address may not be long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        with pytest.raises(ChangeError, match="it's a socket"):
            collect(ChangeRequest(tmp_path, patch="socket"))


def test_a_pipe_that_nobody_writes_to_is_given_up(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ChangeError, match="No process writes to the pipe pipe"):
        read(tmp_path, "pipe", writerless=0.01)


def test_a_terminal_on_standard_input_is_refused(tmp_path, monkeypatch):
    master, slave = os.openpty()
    with os.fdopen(slave) as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        with pytest.raises(UsageError, match="a terminal"):
            collect(ChangeRequest(tmp_path, patch="-"))
    os.close(master)


def test_standard_input_that_is_closed_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UsageError, match="standard input is closed"):
        collect(ChangeRequest(tmp_path, patch="-"))


# --- what is read


def test_a_named_pipe_that_is_written_to_is_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(PATCH,))
    writer.start()
    try:
        assert read(tmp_path, "pipe") == (PATCH, "")
    finally:
        writer.join()


def test_what_a_process_prints_is_read(tmp_path):
    code = "import sys; sys.stdout.buffer.write(sys.argv[1].encode() * 5000)"
    command = [sys.executable, "-c", code, PATCH.decode()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        name = f"/dev/fd/{process.stdout.fileno()}"
        assert read(tmp_path, name) == (PATCH * 5000, "")


def test_what_is_left_of_a_large_file_is_counted(tmp_path):
    (tmp_path / "x.patch").write_bytes(PATCH * 10)
    assert read(tmp_path, "x.patch", most_bytes=len(PATCH)) == (
        PATCH,
        f"{9 * len(PATCH)} bytes after the first {len(PATCH)} bytes",
    )
    assert read(tmp_path, "x.patch", most_bytes=10 * len(PATCH)) == (PATCH * 10, "")


def test_a_pipe_without_an_end_is_left(tmp_path):
    with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as process:
        name = f"/dev/fd/{process.stdout.fileno()}"
        assert read(tmp_path, name, most_bytes=6) == (
            b"y\ny\ny\n",
            "everything after the first 6 bytes",
        )
        process.stdout.close()


def test_a_pipe_that_falls_silent_is_left(tmp_path):
    reading, writing = os.pipe()
    os.write(writing, PATCH)
    try:
        read_so_far, unread = read(tmp_path, f"/dev/fd/{reading}", silent=0.01)
    finally:
        os.close(reading)
        os.close(writing)
    assert read_so_far == PATCH
    assert "too long" in unread


def test_a_pipe_that_drips_for_too_long_is_left(tmp_path):
    with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as process:
        name = f"/dev/fd/{process.stdout.fileno()}"
        assert "too long" in read(tmp_path, name, total=0)[1]
        process.stdout.close()


@pytest.mark.parametrize("gets_something", [False, True])
def test_waiting_can_be_ended_from_another_thread(tmp_path, gets_something):
    reading, writing = os.pipe()
    collected = collect(ChangeRequest(tmp_path, patch=f"/dev/fd/{reading}"))
    if gets_something:
        os.write(writing, PATCH)
    found: list[str] = []

    def gather() -> None:
        try:
            found.extend(file.path for batch in collected.batches for file in batch)
        except ChangeError as error:
            found.append(error.message)

    thread = threading.Thread(target=gather)
    thread.start()
    collected.close()
    thread.join()
    collected.close()
    os.close(reading)
    os.close(writing)
    assert len(found) == 1


def files_up_to(folder, most_bytes):
    patch = open_patch(ChangeRequest(folder, patch="x.patch"), "x.patch")
    batches = files_of(patch, nothing_exists, PatchBounds(most_bytes=most_bytes))
    return [file for batch in batches for file in batch]


def test_what_is_not_read_is_a_gap_of_its_own(tmp_path):
    (tmp_path / "x.patch").write_bytes(PATCH + PATCH.replace(b"b/x", b"b/y"))
    files = files_up_to(tmp_path, len(PATCH))
    assert [file.path for file in files] == ["x", NO_FILE]
    assert f"{len(PATCH)} bytes after" in files[1].unread


def test_a_patch_without_a_diff_in_what_is_read_says_how_much_that_was(tmp_path):
    (tmp_path / "x.patch").write_bytes(b"\0" * 100)
    with pytest.raises(ChangeError, match="not read: 90 bytes after"):
        files_up_to(tmp_path, 10)


# --- how much of it


def all_of(chunks, **limits):
    return [file for batch in split_patch(chunks, limits=Limits(**limits)) for file in batch]


def test_files_over_the_limit_are_counted():
    patches = [PATCH.replace(b"b/x", b"b/%d" % number) for number in range(5)]
    files = all_of(patches, files=2)
    assert [file.path for file in files] == ["0", "1", NO_FILE]
    assert (files[2].unread, files[2].unread_lines) == (
        "3 files over the limit for one patch",
        3,
    )


def test_lines_over_the_limit_are_left_out():
    files = all_of([PATCH, PATCH.replace(b"b/x", b"b/y")], lines=5)
    assert [file.path for file in files] == ["x", NO_FILE]
    assert "after its first 5 lines" in files[1].unread


def test_lines_of_one_file_over_the_limit_are_counted(monkeypatch):
    monkeypatch.setattr("xreview.repo.patch.section.FILE_LINES", 4)
    (file,) = all_of([b"--- /dev/null\n+++ b/x\n@@ -0,0 +1,9 @@\n", b"+x\n" * 9])
    assert file.body == b"@@ -0,0 +1,4 @@\n" + b"+x\n" * 4
    assert file.unread_lines == 5


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_line_that_is_too_long_is_cut(size):
    text = b"ab\n" + b"c" * 20 + b"\nde\n"
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    found = list(lines(chunks, longest=5))
    assert found == [b"ab", b"ccccc", b"de"]
    assert found[1].lost == 15


def test_a_file_with_a_line_that_is_too_long_says_so():
    patch = b"--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+" + b"x" * 100 + b"\n"
    (file,) = all_of([patch], line_bytes=30)
    assert "too long" in file.unread


# --- how it is encoded


@pytest.mark.parametrize(
    "patch",
    [
        b"\xef\xbb\xbf" + PATCH,
        b"\xff\xfe" + PATCH.decode().encode("utf-16-le"),
        b"\xfe\xff" + PATCH.decode().encode("utf-16-be"),
        b"\xff\xfe" + PATCH.decode().replace("\n", "\r\n").encode("utf-16-le"),
        PATCH.replace(b"\n", b"\r"),
        PATCH.replace(b"\n", b"\r\n"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_marks_encodings_and_line_ends(patch, size):
    chunks = [patch[at : at + size] for at in range(0, len(patch), size)]
    (file,) = all_of(chunks)
    assert (file.path, file.body, file.unread) == ("x", b"@@ -0,0 +1 @@\n+x\n", "")
