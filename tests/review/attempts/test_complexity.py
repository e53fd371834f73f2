from tests.domain.attempt.texts import diff_of
from xreview.domain.change import FileDiff, FileStatus
from xreview.review.attempts import complexity
from xreview.review.attempts.complexity import complexity_change

OLD = b"def f(a):\n    return a\n"
NEW = b"def f(a):\n    if a:\n        return 1\n    return 2\n"


def edited(path: str) -> FileDiff:
    return diff_of(OLD, NEW, path)


async def test_all_files_count_together_without_tests():
    old = {"a.py": OLD, "gone.py": NEW, "was.py": OLD, "tests/test_a.py": OLD}
    new = {"a.py": NEW, "made.py": NEW, "now.py": NEW, "tests/test_a.py": NEW + NEW}
    files = [
        edited("a.py"),
        FileDiff("made.py", FileStatus.ADDED),
        FileDiff("gone.py", FileStatus.DELETED),
        FileDiff("now.py", FileStatus.RENAMED, old_path="was.py"),
        edited("tests/test_a.py"),
        FileDiff("notes.md", FileStatus.ADDED),
    ]
    assert await complexity_change(files, old.get, new.get) == 1 + 2 - 2 + 1


async def test_nothing_that_can_be_counted_is_unknown_and_not_zero():
    files = [
        FileDiff("notes.md", FileStatus.ADDED),
        FileDiff("a.py", FileStatus.ADDED, binary=True),
    ]
    assert await complexity_change(files, {}.get, {"notes.md": b"x"}.get) is None
    assert await complexity_change([], {}.get, {}.get) is None
    same = diff_of(b"x = 1\n", b"x = 2\n", "a.py")
    assert await complexity_change([same], {"a.py": b"x = 1\n"}.get, {"a.py": b"x = 2\n"}.get) == 0


async def test_no_file_is_counted_after_the_time(monkeypatch):
    monkeypatch.setattr(complexity, "MOST_SECONDS", -1.0)
    assert await complexity_change([edited("a.py")], {"a.py": OLD}.get, {"a.py": NEW}.get) is None
