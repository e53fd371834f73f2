"""A patch is accounted for to its last line: git's own counts, or a word about what is not read."""

import subprocess
from itertools import count

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.repo.builder import Builder, isolated_environment
from xreview.domain.change import FileDiff
from xreview.domain.errors import ChangeError
from xreview.repo.patch.splitting import split_patch

steady = settings(deadline=None, derandomize=True, max_examples=30)
mutating = settings(deadline=None, derandomize=True, max_examples=250)

LINE = st.sampled_from(
    [b"", b"a", b"b", b"c", b"-- ", b"++ b/x", b"-- a/x", b"\xff", b" ", b"@@ -1 +1 @@", b"x\r"]
)
CONTENT = st.lists(LINE, max_size=12).map(b"\n".join) | st.just(b"\0\1binary")
NAME = st.sampled_from(
    [b"a/new.py", b"c/new.py", b"b/x", b"x", b"a b/c d", b"n\xe9", b"i/w/x", b"dir/x", b'q"t\t']
)
MODE = st.sampled_from([b"100644", b"100755", b"120000"])
TREES = st.dictionaries(NAME, st.tuples(MODE, CONTENT), max_size=5)
OPTIONS = st.sampled_from(
    [
        (),
        ("--no-prefix",),
        ("-U0",),
        ("--binary",),
        ("--src-prefix=old/", "--dst-prefix=new/"),
        ("--src-prefix=x/y/", "--dst-prefix=zz/"),
        ("-M", "-C", "--full-index"),
        ("-R",),
    ]
)


def parse(patch: bytes) -> list[FileDiff]:
    return [file for batch in split_patch([patch]) for file in batch]


def counted(files: list[FileDiff]) -> dict[bytes, tuple[int, int]]:
    return {
        file.path.encode("utf-8", "surrogateescape"): (file.added, file.removed) for file in files
    }


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return Builder(tmp_path_factory.mktemp("account") / "p")


def imported(trees, branch: str) -> bytes:
    """What `git fast-import` reads to make a commit of each tree."""
    stream = b""
    for number, tree in enumerate(trees):
        stream += b"commit refs/heads/%s-%d\n" % (branch.encode(), number)
        stream += b"committer A <a@example.org> 1700000000 +0000\ndata 0\n\ndeleteall\n"
        for name, (mode, content) in tree.items():
            if mode == b"120000":
                content = b"to " + content.replace(b"\0", b"").replace(b"\n", b" ")
            quoted = name.replace(b'"', b'\\"').replace(b"\t", b"\\t")
            stream += b'M %s inline "%s"\ndata %d\n%s\n' % (mode, quoted, len(content), content)
    return stream


def from_numstat(output: bytes) -> dict[bytes, tuple[int, int] | None]:
    """Paths and counts of `git diff --numstat -z`; of a rename the new path."""
    found = {}
    fields = iter(output.split(b"\0"))
    for field in fields:
        if not field:
            continue
        added, removed, path = field.split(b"\t", 2)
        if not path:
            next(fields)
            path = next(fields)
        if added == b"-":
            found[path] = None  # binary, before or after
        elif (before := found.setdefault(path, (0, 0))) is not None:
            found[path] = (before[0] + int(added), before[1] + int(removed))
    return found


numbers = count()


@steady
@given(TREES, TREES, OPTIONS)
def test_it_says_what_git_counts(repository, before, after, options):
    branch = f"n{next(numbers)}"
    repository.git("fast-import", "--quiet", input=imported((before, after), branch))
    revisions = (f"{branch}-0", f"{branch}-1")
    patch = repository.git_bytes("diff", *options, *revisions)
    assume(patch)
    files = parse(patch)
    finding = [option for option in options if option in ("-M", "-C", "-R")]
    git = from_numstat(repository.git_bytes("diff", "--numstat", "-z", *finding, *revisions))
    said = counted(files)
    assert said.keys() == git.keys()
    assert said | {path: None for path, counts in git.items() if counts is None} == git
    assert {file.path for file in files if file.unread} == {
        file.path
        for file in files
        if file.binary or (file.old_mode and file.new_mode and not file.body and not file.old_blob)
    }


# --- damage

PATCHES = [
    b"diff --git a/x b/x\nindex 1111111..2222222 100644\n--- a/x\n+++ b/x\n"
    b"@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n@@ -10,3 +10,4 @@ f\n a\n-- \n+b\n+c\n d\n"
    b"diff --git a/y b/y\nnew file mode 100644\nindex 0000000..3333333\n--- /dev/null\n"
    b"+++ b/y\n@@ -0,0 +1,2 @@\n+eval(input())\n+last\n\\ No newline at end of file\n"
    b"diff --git a/z b/z\ndeleted file mode 100644\nindex 4444444..0000000\n--- a/z\n"
    b"+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n",
    b"From 1111111111 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\n"
    b"Subject: [PATCH] s\n\n- a bullet\n---\n x | 2 +-\n 1 file changed\n\n"
    b"diff --git a/x b/x\nindex 1111111..2222222 100644\n--- a/x\n+++ b/x\n"
    b"@@ -1,2 +1,2 @@\n one\n-two\n+2\n-- \n2.39.5\n\n",
    b"diff --git a/m b/n\nsimilarity index 90%\nrename from m\nrename to n\n"
    b"index 1111111..2222222 100644\n--- a/m\n+++ b/n\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
    b"diff --git a/s b/t\nsimilarity index 100%\nrename from s\nrename to t\n"
    b"diff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\n",
    b"diff --cc f\nindex 1111111,2222222..0000000\n--- a/f\n+++ b/f\n"
    b"@@@ -1,2 -1,2 +1,3 @@@\n  one\n+ two\n +2\n",
    b"--- old/x\n+++ new/x\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n"
    b"diff -ru old/y new/y\n--- old/y\n+++ new/y\n@@ -3,2 +3,3 @@\n three\n+\n four\n"
    b"Only in new: z\n",
]  # fmt: skip
INSERTED = st.sampled_from(
    [b"+evil()", b"-gone", b" context", b"@@ -1 +1 @@", b"hello", b"", b"--- a/q", b"+++ b/q",
     b"diff --git a/q b/q", b"@@ nothing", b"\\ No newline at end of file", b"-- ", b"\0"]
)  # fmt: skip


@st.composite
def mutated(draw):
    patch = draw(st.sampled_from(PATCHES))
    rows = patch.split(b"\n")
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(rows) - 1))
        kind = draw(st.sampled_from(["drop", "double", "insert", "alter", "cut", "swap"]))
        if kind == "drop":
            del rows[at : at + draw(st.integers(1, 4))]
        elif kind == "double":
            rows.insert(at, rows[at])
        elif kind == "insert":
            rows.insert(at, draw(INSERTED))
        elif kind == "alter":
            rows[at] = draw(INSERTED)
        elif kind == "swap":
            other = draw(st.integers(0, len(rows) - 1))
            rows[at], rows[other] = rows[other], rows[at]
        else:
            return patch, b"\n".join(rows)[: draw(st.integers(1, len(patch)))]
        assume(rows)
    return patch, b"\n".join(rows)


@pytest.fixture(scope="module")
def as_git_counts(tmp_path_factory):
    """What `git apply` would do: paths and counts; None where it refuses."""
    folder = tmp_path_factory.mktemp("apply")

    def counts(patch: bytes) -> dict[bytes, tuple[int, int] | None] | None:
        done = subprocess.run(
            ["git", "apply", "--numstat", "-z", "-"],
            cwd=folder,
            env=isolated_environment(folder),
            input=patch,
            capture_output=True,
        )
        return None if done.returncode else from_numstat(done.stdout)

    return counts


@mutating
@given(mutated())
def test_what_is_damaged_is_said_or_what_git_says_too(as_git_counts, case):
    whole, patch = case
    try:
        files = parse(patch)
    except ChangeError:
        return  # refused as a whole: nothing is shown as clean
    if any(file.unread for file in files):
        return
    # Of a line that names a file, git takes one folder off whatever it is called.
    known = (counted(parse(whole)), as_git_counts(patch))
    assert sorted(counted(files).values()) in [sorted(one.values()) for one in known if one]


@pytest.mark.parametrize("patch", PATCHES)
def test_a_whole_patch_has_nothing_unread(patch):
    assert [file.unread for file in parse(patch) if file.unread] == []
