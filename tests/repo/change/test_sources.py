"""What the change is, on real repositories in every state a person may be in."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.repo.builder import Builder
from tests.repo.reading import change_of, contents, paths_of
from xreview.domain.change import ChangeKind, FileStatus, LineKind
from xreview.domain.errors import ChangeError, UsageError
from xreview.export.format import export_formats
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest


def only(change):
    (file,) = change.files
    return file


def added_lines(file):
    return [line.text for hunk in file.hunks for line in hunk.lines if line.kind is LineKind.ADDED]


# --- the change that nobody named


def test_a_dirty_worktree_comes_first_with_its_untracked_files_last(project):
    project.branch("feature")
    project.write("c.txt", "committed\n")
    project.commit("on the branch")
    project.write("a.txt", "one\n2\nthree\n")
    project.write("0-new.txt", "new\n")
    project.write("z/staged.txt", "staged\n")
    project.add("z/staged.txt")
    change = change_of(project.top)
    assert (change.source.kind, change.source.title) == (
        ChangeKind.WORKTREE,
        "worktree against HEAD",
    )
    assert change.source.base == project.rev("HEAD")
    assert change.source.head is None
    assert change.source.repository == str(project.top)
    assert [(file.path, file.status.value, file.untracked) for file in change.files] == [
        ("a.txt", "M", False),
        ("z/staged.txt", "A", False),
        ("0-new.txt", "A", True),
    ]


@pytest.mark.parametrize("name", sorted({one.suffix for one in export_formats().values()}))
def test_what_this_program_wrote_by_default_is_no_change(project, name):
    project.write(f"xreview-20261122-011500{name}", "an export\n")
    project.write("xreview-letter-9bb9e8471287.md", "a letter\n")
    project.write("xreview-20261122-011500.py", "no export\n")
    project.write("xreview-notes.md", "a person's\n")
    assert paths_of(project.top) == ["xreview-20261122-011500.py", "xreview-notes.md"]


def test_untracked_files_alone_make_the_worktree_dirty(project):
    project.write("new.txt", "new\n")
    change = change_of(project.top)
    assert change.source.kind is ChangeKind.WORKTREE
    assert added_lines(only(change)) == ["new"]


def test_time_stamps_alone_make_nothing_dirty(project):
    os.utime(project.path("a.txt"), (1, 1))
    assert change_of(project.top).source.kind is ChangeKind.COMMIT


def test_a_clean_branch_is_shown_since_it_left_the_default_branch(project):
    start = project.rev("HEAD")
    project.branch("feature")
    project.write("f.txt", "f\n")
    head = project.commit("on the branch")
    project.checkout("main")
    project.write("m.txt", "m\n")
    project.commit("on main")
    project.checkout("feature")
    change = change_of(project.top)
    assert (change.source.kind, change.source.title) == (ChangeKind.BRANCH, "feature since main")
    assert (change.source.base, change.source.head) == (start, head)
    assert [file.path for file in change.files] == ["f.txt"]


@pytest.mark.parametrize("name", ["master", "trunk", "develop"])
def test_the_default_branch_may_have_other_names(tmp_path, home, name):
    if name == "develop":
        (home / "gitconfig").write_text("[init]\n\tdefaultBranch = develop\n")
    builder = Builder(tmp_path / "p")
    builder.write("a", "a\n")
    builder.commit("first")
    builder.git("branch", "-m", name)
    builder.branch("feature")
    builder.write("b", "b\n")
    builder.commit("second")
    assert change_of(builder.top).source.title == f"feature since {name}"


def test_the_remotes_default_branch_is_asked_first(project, tmp_path):
    project.git("branch", "-m", "release")
    clone = project.clone(tmp_path / "clone")
    clone.write("c.txt", "c\n")
    clone.commit("not pushed")
    change = change_of(clone.top)
    assert change.source.title == "release since origin/HEAD"
    assert [file.path for file in change.files] == ["c.txt"]


def test_a_clean_default_branch_shows_its_last_commit(project):
    project.write("a.txt", "changed\n")
    head = project.commit("Change a")
    change = change_of(project.top)
    assert change.source.title == f"last commit {head[:7]} Change a"
    assert change.source.kind is ChangeKind.COMMIT
    assert [file.path for file in change.files] == ["a.txt"]


def test_a_detached_head_is_compared_like_a_branch(project):
    project.branch("feature")
    project.write("f.txt", "f\n")
    head = project.commit("on the branch")
    project.checkout(head)
    assert change_of(project.top).source.title == f"HEAD ({head[:7]}, detached) since main"


def test_branches_without_a_common_ancestor_show_the_last_commit(project):
    project.git("checkout", "--quiet", "--orphan", "other")
    project.commit("unrelated")
    assert change_of(project.top).source.title.startswith("last commit")


# --- before the first commit, and without a worktree


def test_before_the_first_commit_everything_is_added(tmp_path):
    builder = Builder(tmp_path / "p")
    assert change_of(builder.top).files == ()
    builder.write("staged.txt", "s\n")
    builder.add()
    builder.write("untracked.txt", "u\n")
    change = change_of(builder.top)
    assert change.source.title == "worktree, before the first commit"
    assert change.source.base is None
    assert [file.path for file in change.files] == ["staged.txt", "untracked.txt"]
    staged = change_of(builder.top, staged=True)
    assert staged.source.title == "staged, before the first commit"
    assert [file.path for file in staged.files] == ["staged.txt"]
    with pytest.raises(ChangeError, match="no commit yet"):
        change_of(builder.top, base="HEAD")
    with pytest.raises(ChangeError, match="no commit in this repository is called HEAD"):
        change_of(builder.top, commit="HEAD")


async def test_object_ids_of_sha256(tmp_path):
    builder = Builder(tmp_path / "p", init=("--object-format=sha256",))
    builder.write("a.txt", "a\n")
    assert paths_of(builder.top) == ["a.txt"]
    builder.commit("first")
    change = change_of(builder.top)
    assert [file.path for file in change.files] == ["a.txt"]
    assert len(change.source.head or "") == 64
    builder.write("a.txt", "b\n")
    assert await contents(builder.top) == {"a.txt": (b"a\n", b"b\n")}
    builder.commit("second")
    assert await contents(builder.top) == {"a.txt": (b"a\n", b"b\n")}


async def test_a_bare_repository_shows_commits_and_refuses_the_worktree(project, tmp_path):
    project.branch("feature")
    project.write("f.txt", "f\n")
    project.commit("on the branch")
    bare = project.clone(tmp_path / "bare.git", "--bare")
    assert change_of(bare.top).source.title == "feature since main"
    assert paths_of(bare.top, commit="feature") == ["f.txt"]
    assert paths_of(bare.top, range="main..feature") == ["f.txt"]
    assert paths_of(bare.top, base="main") == ["f.txt"]
    assert await contents(bare.top) == {"f.txt": (None, b"f\n")}
    with pytest.raises(ChangeError, match="no index"):
        change_of(bare.top, staged=True)


def test_an_empty_bare_repository_says_so(tmp_path):
    bare = Builder(tmp_path / "bare.git", init=("--bare",))
    with pytest.raises(ChangeError, match="has no commit"):
        change_of(bare.top)


# --- the change by name


def test_staged(project):
    project.write("a.txt", "staged\n")
    project.add()
    project.write("a.txt", "not staged\n")
    project.write("new.txt", "new\n")
    change = change_of(project.top, staged=True)
    assert (change.source.kind, change.source.title) == (ChangeKind.STAGED, "staged against HEAD")
    assert added_lines(only(change)) == ["staged"]


def test_nothing_staged_is_an_empty_change(project):
    change = change_of(project.top, staged=True)
    assert (change.files, change.source.title) == ((), "staged against HEAD")


def test_a_file_that_is_only_announced_is_shown_with_its_content(project):
    project.write("new.txt", "new\n")
    project.git("add", "--intent-to-add", "new.txt")
    assert added_lines(only(change_of(project.top))) == ["new"]
    assert change_of(project.top, staged=True).files == ()


@pytest.mark.parametrize("revision", ["HEAD~", "HEAD~1", "tagged", "main~", "short"])
def test_commit(project, revision):
    project.write("a.txt", "changed\n")
    wanted = project.commit("Change a")
    project.git("tag", "-m", "a tag", "tagged")
    project.write("b.txt", "changed\n")
    project.commit("Change b")
    revision = wanted[:8] if revision == "short" else revision
    change = change_of(project.top, commit=revision)
    assert change.source.title == f"commit {wanted[:7]} Change a"
    assert change.source.head == wanted
    assert [file.path for file in change.files] == ["a.txt"]


def test_the_first_commit_adds_everything(project):
    change = change_of(project.top, commit="HEAD")
    assert change.source.base is None
    assert [(file.path, file.status) for file in change.files] == [
        ("a.txt", FileStatus.ADDED),
        ("b.txt", FileStatus.ADDED),
    ]


def test_a_merge_is_shown_against_its_first_parent(project):
    project.branch("side")
    project.write("side.txt", "s\n")
    project.commit("side")
    project.checkout("main")
    project.write("main.txt", "m\n")
    first = project.commit("main")
    project.git("merge", "--quiet", "--no-edit", "side")
    change = change_of(project.top, commit="HEAD")
    assert change.source.base == first
    assert [file.path for file in change.files] == ["side.txt"]
    assert change.source.notices == ("A merge of 2 parents, compared with the first.",)


def test_range_with_two_and_with_three_dots(project):
    start = project.rev("HEAD")
    project.branch("feature")
    project.write("f.txt", "f\n")
    feature = project.commit("on the branch")
    project.checkout("main")
    project.write("m.txt", "m\n")
    main = project.commit("on main")
    two = change_of(project.top, range="main..feature")
    assert (two.source.kind, two.source.title) == (ChangeKind.RANGE, "main..feature")
    assert (two.source.base, two.source.head) == (main, feature)
    assert [(file.path, file.status.value) for file in two.files] == [
        ("f.txt", "A"),
        ("m.txt", "D"),
    ]
    three = change_of(project.top, range="main...feature")
    assert (three.source.base, three.source.head) == (start, feature)
    assert [file.path for file in three.files] == ["f.txt"]
    assert paths_of(project.top, range="feature..") == ["f.txt", "m.txt"]
    assert paths_of(project.top, range="...feature") == ["f.txt"]


def test_base_is_the_merge_base_against_the_worktree(project):
    start = project.rev("HEAD")
    project.branch("feature")
    project.write("committed.txt", "c\n")
    project.commit("on the branch")
    project.checkout("main")
    project.write("elsewhere.txt", "e\n")
    project.commit("on main")
    project.checkout("feature")
    project.write("a.txt", "changed\n")
    project.write("untracked.txt", "u\n")
    change = change_of(project.top, base="main")
    assert change.source.title == (
        f"worktree since main (merge base {start[:7]}, uncommitted changes included)"
    )
    assert (change.source.kind, change.source.base, change.source.head) == (
        ChangeKind.BRANCH,
        start,
        None,
    )
    assert [file.path for file in change.files] == ["a.txt", "committed.txt", "untracked.txt"]


@pytest.mark.parametrize(
    "options",
    [
        {"commit": "nowhere"},
        {"commit": "--all"},
        {"commit": "HEAD:a.txt"},
        {"commit": "HEAD^{tree}"},
        {"commit": "main..main"},
        {"commit": "\x1b[31m"},
        {"range": "main..nowhere"},
        {"range": "nowhere...main"},
        {"base": "--is-ancestor"},
        {"base": "nowhere"},
    ],
    ids=str,
)
def test_a_revision_that_is_none_is_refused_by_its_name(project, options):
    with pytest.raises(ChangeError, match="no commit in this repository is called") as refusal:
        change_of(project.top, **options)
    assert refusal.value.advice


@pytest.mark.parametrize(
    "options",
    [
        {"range": "main"},
        {"commit": ""},
        {"commit": "a\nb"},
        {"base": "a\0b"},
        {"commit": "HEAD", "staged": True},
        {"range": "a..b", "patch": "-"},
    ],
    ids=str,
)
def test_a_request_that_makes_no_sense_is_refused(project, options):
    with pytest.raises(UsageError):
        change_of(project.top, **options)


def test_unrelated_histories_have_no_base(project):
    project.git("checkout", "--quiet", "--orphan", "other")
    project.commit("unrelated")
    for options in ({"base": "main"}, {"range": "main...other"}):
        with pytest.raises(ChangeError, match="no common ancestor"):
            change_of(project.top, **options)


# --- what goes on in the repository


def conflict(project):
    project.branch("side")
    project.write("a.txt", "one\nside\nthree\n")
    project.delete("b.txt")
    project.commit("side")
    project.checkout("main")
    project.write("a.txt", "one\nmain\nthree\n")
    project.write("b.txt", "changed\n")
    project.commit("main")


def test_a_merge_in_progress_shows_the_conflicts(project):
    conflict(project)
    project.git("merge", "side", check=False)
    change = change_of(project.top)
    assert "A merge is in progress." in change.source.notices
    by_path = change.by_path
    assert by_path["a.txt"].status is by_path["b.txt"].status is FileStatus.UNMERGED
    assert "<<<<<<< HEAD" in added_lines(by_path["a.txt"])
    assert "Unmerged" in by_path["a.txt"].notice
    staged = change_of(project.top, staged=True)
    assert {file.path: file.status for file in staged.files} == {
        "a.txt": FileStatus.UNMERGED,
        "b.txt": FileStatus.UNMERGED,
    }


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("rebase", "side"), "A rebase is in progress."),
        (("cherry-pick", "side"), "A cherry-pick is in progress."),
        (("revert", "--no-edit", "HEAD~"), "A revert is in progress."),
        (("bisect", "start"), "A bisect is in progress."),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_other_operations_in_progress_are_named(project, command, sentence):
    project.write("a.txt", "one\ntwo and a half\nthree\n")
    project.commit("between")
    conflict(project)
    project.git(*command, check=False)
    project.write("untracked.txt", "u\n")
    assert sentence in change_of(project.top).source.notices


def test_an_unmerged_name_with_a_line_feed_makes_no_file_up(project):
    name = "x\ndiff --git a/made-up b/made-up\nnew file mode 100644"
    project.write(name, "one\n")
    project.commit("odd name")
    project.branch("side")
    project.write(name, "side\n")
    project.commit("side")
    project.checkout("main")
    project.write(name, "main\n")
    project.commit("main")
    project.git("merge", "side", check=False)
    for options in ({}, {"staged": True}):
        assert [
            (file.path, file.status.value) for file in change_of(project.top, **options).files
        ] == [(name, "U")]


def test_the_whole_repository_is_shown_from_a_subfolder(project):
    project.write("sub/deep/x.txt", "x\n")
    project.write("a.txt", "changed\n")
    assert paths_of(project.top / "sub" / "deep") == ["a.txt", "sub/deep/x.txt"]


def test_a_linked_worktree_shows_its_own_changes(project):
    linked = project.top.parent / "linked"
    project.git("worktree", "add", "--quiet", "-b", "other", str(linked))
    (linked / "a.txt").write_text("changed\n")
    change = change_of(linked)
    assert change.source.repository == str(linked)
    assert [file.path for file in change.files] == ["a.txt"]
    assert change_of(project.top).source.kind is ChangeKind.COMMIT


def test_a_sparse_checkout_deletes_nothing(project):
    project.write("in/x.txt", "x\n")
    project.write("out/y.txt", "y\n")
    project.commit("two folders")
    project.git("sparse-checkout", "set", "in")
    project.write("in/x.txt", "changed\n")
    change = change_of(project.top)
    assert [file.path for file in change.files] == ["in/x.txt"]
    assert any("Sparse checkout" in notice for notice in change.source.notices)


def test_a_shallow_clone_says_where_it_ends(project, tmp_path):
    project.write("a.txt", "changed\n")
    project.commit("second")
    project.branch("side", "HEAD~")
    project.write("side.txt", "s\n")
    project.commit("side")
    project.checkout("main")
    clone = project.clone(tmp_path / "clone", "--depth=1", "--no-single-branch")
    change = change_of(clone.top)
    assert change.source.base is None
    assert [file.status for file in change.files] == [FileStatus.ADDED] * 2
    assert any("shallow" in notice for notice in change.source.notices)
    with pytest.raises(ChangeError, match="shallow") as refusal:
        change_of(clone.top, base="origin/side")
    assert "--unshallow" in refusal.value.advice


def test_a_partial_clone_fetches_nothing(project, tmp_path):
    project.write("a.txt", "changed\n")
    project.commit("second")
    project.git("config", "uploadpack.allowFilter", "true")
    clone = project.clone(tmp_path / "clone", "--filter=blob:none")
    clone.write("b.txt", "changed\n")
    assert paths_of(clone.top) == ["b.txt"]
    with pytest.raises(ChangeError, match="git diff") as refusal:
        change_of(clone.top, commit="HEAD")
    assert "partial clone" in refusal.value.advice


def test_inside_a_hook(project, tmp_path, monkeypatch):
    project.write("a.txt", "staged\n")
    project.add()
    project.write("b.txt", "not staged\n")
    index = project.top / ".git" / "other-index"
    index.write_bytes((project.top / ".git" / "index").read_bytes())
    project.git("reset", "--quiet")
    monkeypatch.chdir(project.top)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other-index")
    monkeypatch.setenv("GIT_PREFIX", "")
    assert paths_of(project.top, staged=True) == ["a.txt"]
    assert paths_of(project.top) == ["a.txt", "b.txt"]


def test_inside_a_real_pre_commit_hook(project, tmp_path):
    output = tmp_path / "seen"
    script = (
        "from pathlib import Path\n"
        "from tests.repo.reading import paths_of\n"
        f"Path({str(output)!r}).write_text(repr(paths_of(Path.cwd(), staged=True)))\n"
    )
    root = Path(__file__).resolve().parents[3]
    hook = project.top / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nPYTHONPATH={root} exec {sys.executable} - <<'END'\n{script}END\n")
    hook.chmod(0o755)
    project.write("a.txt", "changed\n")
    project.write("b.txt", "changed\n")
    project.git("commit", "--quiet", "-m", "only b", "b.txt")
    assert output.read_text() == "['b.txt']"


# --- failure and the end


def test_a_damaged_repository_is_an_error_and_not_a_short_change(project):
    project.write("a.txt", "changed\n")
    project.commit("second")
    blob = project.rev("HEAD:a.txt")
    stored = project.top / ".git" / "objects" / blob[:2] / blob[2:]
    stored.chmod(0o644)
    stored.write_bytes(b"damaged")
    with pytest.raises(ChangeError, match=f"damaged: object {blob} is corrupt"):
        change_of(project.top, commit="HEAD")


def test_a_head_that_is_gone_is_not_taken_for_an_empty_repository(project):
    head = project.rev("HEAD")
    (project.top / ".git" / "objects" / head[:2] / head[2:]).unlink()
    with pytest.raises(ChangeError, match="damaged"):
        change_of(project.top)


def test_closing_ends_the_reading(project):
    for number in range(40):
        project.write(f"big-{number}.txt", f"line {number}\n" * 20_000)
    project.commit("big")
    collected = collect(ChangeRequest(project.top, commit="HEAD"))
    first = next(collected.batches)
    closer = threading.Thread(target=collected.close)
    closer.start()
    closer.join()
    rest = [file for batch in collected.batches for file in batch]
    assert len(first) + len(rest) < 40
    collected.close()


def test_user_settings_do_not_change_what_is_read(project, home):
    padding = "".join(f"x = {number}\n" for number in range(30))
    project.write("src/a.py", f"def f():\n    return 1\n{padding}end = 1\n")
    project.write("src/algorithm.txt", "\n".join("dfbcefg\n"))
    project.git("update-index", "--add", "--cacheinfo", f"160000,{project.rev('HEAD')},module")
    project.add("src")
    project.commit("code", add=False)
    project.git("mv", "src/a.py", "src/moved.py")
    project.write("src/moved.py", f"def f():\n    return 2\n{padding}end = 2\n")
    project.write("src/algorithm.txt", "\n".join("ffcadfe\n"))
    project.write("ünïcode.txt", "u\n")
    project.add("src", "ünïcode.txt")
    project.git("update-index", "--cacheinfo", f"160000,{project.rev('HEAD')},module")
    plain = change_of(project.top / "src", staged=True)
    assert [file.status.value for file in plain.files] == ["M", "M", "R", "A"]
    (home / "order").write_text("*.txt\n")
    (home / "gitconfig").write_text(
        f"""
[diff]
    noprefix = true
    mnemonicPrefix = true
    renames = false
    context = 0
    interHunkContext = 50
    algorithm = patience
    colorMoved = zebra
    wordRegex = .
    orderFile = {home / "order"}
    relative = true
    submodule = log
    ignoreSubmodules = all
    suppressBlankEmpty = true
    indentHeuristic = false
    external = false
[color]
    ui = always
    diff = always
[core]
    quotePath = true
    pager = false
[pager]
    diff = true
"""
    )
    assert change_of(project.top / "src", staged=True).files == plain.files


def test_git_config_from_the_command_line_is_outdone(project, monkeypatch):
    project.write("a.txt", "changed\n")
    plain = change_of(project.top).files
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'diff.noprefix'='true' 'core.fsmonitor'='false'")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "color.ui")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "always")
    assert change_of(project.top).files == plain


def test_nothing_is_left_running(project):
    project.write("a.txt", "changed\n")
    change_of(project.top)
    children = subprocess.run(
        ["ps", "--no-headers", "--ppid", str(os.getpid()), "-o", "stat,args"],
        capture_output=True,
        text=True,
    ).stdout
    assert "git" not in [line.split()[1] for line in children.splitlines()]
