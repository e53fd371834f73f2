from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.account import AccountEntry, Fate, account_of, gaps_in
from xreview.domain.change import FileStatus, Unshown
from xreview.domain.changed_file import ChangedFile
from xreview.domain.coverage import IGNORED, CoverageEntry, Reading


def file(path: str, added: int = 3, removed: int = 2) -> ChangedFile:
    return ChangedFile(path, FileStatus.MODIFIED, None, added, removed)


def said(
    path: str, reading: Reading, why: str = "", reviewer: str = "risk", **rest
) -> CoverageEntry:
    return CoverageEntry(reviewer, path, reading, why, **rest)


def test_a_file_that_one_reviewer_read_is_read_by_that_one():
    entries = [
        said("a.py", Reading.READ, reviewer="economy"),
        said("a.py", Reading.SKIPPED, "not its language", expected=True),
    ]
    account = account_of([file("a.py")], entries)
    assert account.entries == (AccountEntry("a.py", 5, Fate.READ, ("economy",)),)
    assert account.is_complete


def test_a_file_that_everybody_skips_as_expected_is_not_read():
    account = account_of([file("a.md")], [said("a.md", Reading.SKIPPED, "no rules", expected=True)])
    assert account.entries == (AccountEntry("a.md", 5, Fate.NOT_READ, (), "no rules"),)
    assert not account.is_complete


def test_a_file_of_which_nobody_says_anything_is_not_read():
    account = account_of([file("a.py")], [])
    assert account.not_read[0].why == "no reviewer read it"


def test_a_file_that_was_read_in_part_only_is_not_read():
    account = account_of([file("a.py")], [said("a.py", Reading.TRUNCATED, "cut off")])
    assert account.not_read == (AccountEntry("a.py", 5, Fate.NOT_READ, (), "cut off"),)


def test_the_reason_is_that_of_a_failure_before_that_of_an_expected_skip():
    entries = [
        said("a.py", Reading.SKIPPED, "deleted", expected=True),
        said("a.py", Reading.FAILED, "the server is gone", reviewer="gpt"),
    ]
    assert account_of([file("a.py")], entries).not_read[0].why == "the server is gone"


def test_the_reason_is_about_the_file_rather_than_about_who_else_reads_it():
    entries = [
        said("a.bin", Reading.SKIPPED, "for another one", "opus/economy", expected=True),
        said("a.bin", Reading.SKIPPED, "binary", expected=True),
        said("a.bin", Reading.SKIPPED, "binary", "opus/risk", expected=True),
    ]
    assert account_of([file("a.bin")], entries).not_read[0].why == "binary"


def test_what_the_users_settings_leave_out_is_not_missing():
    entries = [said("a.py", Reading.LEFT_OUT, IGNORED)]
    account = account_of([file("a.py")], entries, [Unshown("a.py", "too large", 7)])
    assert account.entries == (AccountEntry("a.py", 12, Fate.LEFT_OUT, (), IGNORED),)
    assert account.is_complete
    assert account.words == "0 of 1 file read; 1 left out by your settings"


def test_lines_that_no_diff_shows_are_not_read_whoever_read_the_rest():
    account = account_of(
        [file("a.py")],
        [said("a.py", Reading.READ)],
        [Unshown("a.py", "the patch ends early", 4)],
    )
    assert account.entries == (
        AccountEntry("a.py", 5, Fate.READ, ("risk",)),
        AccountEntry("a.py", 4, Fate.NOT_READ, (), "the patch ends early"),
    )
    assert account.words == "0 of 1 file read; 1 not (4 lines): a.py (the patch ends early)"


def test_what_belongs_to_no_file_is_not_read_either():
    account = account_of([file("a.py")], [said("a.py", Reading.READ)], [Unshown("", "no diff", 2)])
    assert account.words == "1 of 2 files read; 1 not (2 lines): part of the change (no diff)"


def test_the_line_names_the_largest_and_counts_the_rest():
    files = [file(f"{size}.md", size, 0) for size in range(5)]
    account = account_of(files, [])
    assert account.words.startswith("0 of 5 files read; 5 not (10 lines): 4.md (")
    assert account.words.endswith("2.md (no reviewer read it), and 2 more")


def test_lists_of_gaps_have_what_nobody_was_to_read():
    entries = [
        said("a.py", Reading.FAILED, "gone"),
        said("b.md", Reading.SKIPPED, "no rules", expected=True),
    ]
    account = account_of([file("a.py"), file("b.md")], entries)
    assert gaps_in(account, entries) == (
        entries[0],
        CoverageEntry("", "b.md", Reading.SKIPPED, "no rules", 5),
    )


names = st.sampled_from([f"{letter}.py" for letter in "abcdef"])
readings = st.builds(
    CoverageEntry,
    st.sampled_from(["risk", "economy", "gpt"]),
    names,
    st.sampled_from(list(Reading)),
    st.text(max_size=3),
    expected=st.booleans(),
)
unread = st.builds(Unshown, st.one_of(names, st.just("")), st.text(max_size=3), st.integers(0, 9))


def test_the_order_does_not_depend_on_which_reviewer_was_faster():
    files = [file("b.py"), file("a.py"), file("c.py")]
    entries = [
        said("c.py", Reading.READ, reviewer="risk"),
        said("c.py", Reading.READ, reviewer="economy"),
        *(
            said(path, Reading.FAILED, "crashed", reviewer)
            for path in ("a.py", "b.py")
            for reviewer in ("risk", "economy")
        ),
    ]
    for coverage in (entries, entries[::-1]):
        account = account_of(files, coverage)
        assert account.entries[2].by == ("economy", "risk")
        assert [(one.path, one.reviewer) for one in gaps_in(account, coverage)] == [
            ("b.py", "economy"),
            ("b.py", "risk"),
            ("a.py", "economy"),
            ("a.py", "risk"),
        ]


@given(st.lists(names, unique=True), st.lists(readings), st.lists(unread))
def test_every_path_and_every_line_is_in_the_account_once(paths, coverage, missing):
    files = [file(path, index, 1) for index, path in enumerate(paths)]
    account = account_of(files, coverage, missing)
    lines = sum(one.added + one.removed for one in files) + sum(one.lines for one in missing)
    assert sum(entry.lines for entry in account.entries) == lines == account.total.lines
    assert {entry.path for entry in account.entries} == {*paths, *(one.path for one in missing)}
    columns = [(entry.path, entry.fate) for entry in account.entries]
    assert len(columns) == len(set(columns))
    read = {entry.path for entry in account.entries if entry.fate is Fate.READ}
    assert read <= {entry.path for entry in coverage if entry.reading is Reading.READ}
