"""Reading objects through one git: compared with GitPython, and to the end of the program."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import git
import pytest

from tests.repo.builder import Builder
from xreview.repo.git import ObjectReader, commit_ids
from xreview.repo.repository import find_repository

OURS = Path(__file__).parents[2]
LIMIT = 100_000_000
LEFT_OPEN = """
import sys
from pathlib import Path
from xreview.repo.git import ObjectReader
from xreview.repo.repository import find_repository

reader = ObjectReader(find_repository(Path(sys.argv[1])))
assert reader.read(sys.argv[2], "commit", 10_000)
"""
STUCK = """
import os, signal, threading, time
from xreview.domain.errors import ChangeError

def read():
    try:
        reader.read(sys.argv[2], "commit", 10_000)
    except ChangeError:
        pass  # git was ended

os.kill(reader._batch._process.pid, signal.SIGSTOP)
print(reader._batch._process.pid, flush=True)
threading.Thread(target=read, daemon=True).start()
while not reader._lock.locked():
    time.sleep(0.01)
time.sleep(0.1)
"""


def ended(project: Builder, program: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", program, str(project.top), project.rev("HEAD")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        timeout=60,
    )


def test_a_program_that_ends_while_git_runs_is_not_aborted(project):
    done = ended(project, LEFT_OPEN)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_program_that_ends_while_a_thread_waits_for_git_is_not_aborted_and_ends_git(project):
    done = ended(project, LEFT_OPEN + STUCK)
    assert (done.returncode, done.stderr) == (0, b"")
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_a_reader_that_nobody_has_any_more_ends_its_git(project):
    reader = ObjectReader(find_repository(project.top))
    reader.read(project.rev("HEAD"), "commit", LIMIT)
    process = reader._batch._process
    del reader
    assert process.returncode is not None


def varied(project: Builder) -> Path:
    for number, content in enumerate(["", "\n", "no end", "é\n" * 40_000, "a\n" * 1_500_000]):
        project.write(f"sub {number}/file.txt", content)
        project.commit(f"{number}\n\nmessage ü")
    (project.top / "odd").write_bytes(bytes(range(256)) * 300)
    project.commit("bytes")
    return project.top


@pytest.fixture(params=["varied", "ours"])
def top(request, project):
    if request.param == "varied":
        return varied(project)
    if not (OURS / ".git").exists():
        pytest.skip("these sources aren't in a repository")
    return OURS


def test_objects_are_read_as_gitpython_reads_them(top):
    repository, reader = git.Repo(top), ObjectReader(find_repository(top))
    blobs = (one for one in repository.head.commit.tree.traverse() if one.type == "blob")
    commits = repository.iter_commits("HEAD", max_count=50)
    try:
        for one in itertools.chain(commits, itertools.islice(blobs, 200)):
            expected = one.data_stream.read()
            assert reader.read(one.hexsha, one.type, LIMIT) == expected
            assert reader.read(one.hexsha, one.type, len(expected) - 1) is None
            assert reader.read(one.hexsha, "tree", LIMIT) is None
    finally:
        reader.close()
        repository.close()


def test_commits_are_those_that_gitpython_lists(top):
    with git.Repo(top) as repository:
        ids = [one.hexsha for one in repository.iter_commits("HEAD", max_count=4)]
    if len(ids) < 4:
        pytest.skip("a shallow clone")
    found = find_repository(top)
    assert commit_ids(found, None, "HEAD", 4) == tuple(ids)
    assert set(ids[:1]) <= set(commit_ids(found, ids[1], ids[0], 200))
    assert ids[1] not in commit_ids(found, ids[1], ids[0], 200)


def test_objects_with_ids_of_64_digits(tmp_path, home):
    subprocess.run(["git", "init", "-q", "--object-format=sha256", tmp_path], check=True)
    (tmp_path / "a").write_text("one\n")
    run = ["git", "-C", tmp_path, "hash-object", "-w", "a"]
    id = subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()
    reader = ObjectReader(find_repository(tmp_path))
    assert len(id) == 64
    assert reader.read(id, "blob", LIMIT) == b"one\n"
    assert reader.read(id[:9], "blob", LIMIT) == b"one\n"
    assert reader.read("f" * 64, "blob", LIMIT) is None
    reader.close()
