"""What came of reviewed changes, in real repositories."""

import os
from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from tests.review.aftermath.reviews import (
    BASE,
    FIXED,
    WITH_TOTALS,
    look,
    review_of,
    told,
    uncommitted,
)
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.aftermath.lines import PlacedFinding

PATH = "shop/cart.py"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    """A repository in which the second commit adds a function of five lines."""
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "shop")
    builder.write(PATH, BASE)
    builder.commit("first")
    builder.write(PATH, WITH_TOTALS)
    builder.commit("Add totals")
    return builder


def reviewed(builder: Builder, **given):
    return review_of(builder, builder.rev("HEAD~"), builder.rev("HEAD"), **given)


def test_a_revert_that_names_the_commit_counts(shop: Builder) -> None:
    review = reviewed(shop)
    shop.git("revert", "--no-edit", "HEAD")
    (one,) = look(shop, review).found
    assert (one.kind.value, one.path, one.lines) == ("reverted", PATH, 5)
    assert one.commit == shop.rev("HEAD")
    assert one.evidence.startswith(f"Its message names {review.head[:10]}")


def test_a_revert_that_says_nothing_counts_if_it_takes_most_back(shop: Builder) -> None:
    review = reviewed(shop)
    shop.write(PATH, BASE)
    shop.commit("Clean up")
    assert told(shop, review) == [("s1", "reverted", PATH, 5)]


def test_a_message_alone_is_no_revert(shop: Builder) -> None:
    review = reviewed(shop)
    shop.write(PATH, f"{WITH_TOTALS}\nMORE = 1\n")
    shop.commit(f'Revert "Add totals"\n\nThis reverts commit {review.head}.')
    shop.write("other.py", "x = 1\n")
    shop.commit(f"This reverts commit {review.head}.")
    assert told(shop, review) == []


def test_a_named_commit_whose_lines_are_replaced_is_not_reverted(shop: Builder) -> None:
    review = reviewed(shop)
    shop.write(PATH, FIXED)
    shop.commit(f"This reverts commit {review.head}.")
    assert told(shop, review) == []


def test_a_partial_revert_counts_only_if_it_says_so(shop: Builder) -> None:
    review = reviewed(shop)
    partly = WITH_TOTALS.replace("    for item in cart:\n        total += item.price\n", "")
    shop.write(PATH, partly)
    shop.commit("Simplify")
    assert told(shop, review) == []
    shop.git("commit", "--amend", "-q", "-m", f"Part.\n\nThis reverts commit {review.head}.")
    assert told(shop, review) == [("s1", "reverted", PATH, 2)]


def test_the_revert_of_a_revert_takes_nothing_away(shop: Builder) -> None:
    review = reviewed(shop)
    shop.git("revert", "--no-edit", "HEAD")
    first = shop.rev("HEAD")
    shop._commits += 1
    shop.git("revert", "--no-edit", "HEAD")
    (one,) = look(shop, review).found
    assert one.commit == first
    # The lines that it brought back are still the reviewed ones.
    shop._commits += 1
    shop.write(PATH, FIXED)
    shop.commit("fix: count items")
    assert told(shop, review) == [("s1", "reverted", PATH, 5), ("s1", "fixed", PATH, 1)]


def test_a_revert_of_removed_lines_counts(shop: Builder) -> None:
    shop.write(PATH, BASE)
    shop.commit("Drop totals")
    review = reviewed(shop)
    shop.git("revert", "--no-edit", "HEAD")
    assert told(shop, review) == [("s1", "reverted", PATH, 5)]


def test_a_fix_of_reviewed_lines_counts_with_the_findings_on_them(shop: Builder) -> None:
    quote = frozenset({"total += item.price"})
    here = PlacedFinding("f1", PATH, 11, 11, quote)
    elsewhere = PlacedFinding("f2", PATH, 9, 9, frozenset({"total = 0"}))
    review = reviewed(shop, findings=(here, elsewhere))
    shop.write(PATH, FIXED)
    shop.commit("fix: count items")
    (one,) = look(shop, review).found
    assert (one.kind.value, one.lines, one.subjects) == ("fixed", 1, ("f1",))
    assert one.evidence == "It changes 1 line and its message says “fix”."


@pytest.mark.parametrize(
    "message", ["Count items", "refactor: fix the loop", "Fix typo", "feat: totals, fixes #3"]
)
def test_what_says_no_fix_is_none(shop: Builder, message: str) -> None:
    review = reviewed(shop)
    shop.write(PATH, FIXED)
    shop.commit(message)
    assert told(shop, review) == []


def test_a_fix_of_other_lines_is_none(shop: Builder) -> None:
    review = reviewed(shop)
    shop.write(PATH, WITH_TOTALS.replace("return 9", "return 10"))
    shop.commit("fix: last")
    shop.write(PATH, WITH_TOTALS.replace("return 9", "return 11") + "\n\nNEW = 1\n")
    shop.commit("fix: more")
    assert told(shop, review) == []


def test_a_fix_after_three_months_is_further_development(shop: Builder) -> None:
    review = reviewed(shop)
    shop._commits += 91 * 24 * 60
    shop.write(PATH, FIXED)
    shop.commit("fix: count items")
    assert told(shop, review) == []
    shop._commits += 1
    shop.git("revert", "--no-edit", review.head, check=False)
    shop.write(PATH, BASE)
    shop.commit(f"Back\n\nThis reverts commit {review.head}.")
    assert told(shop, review) == [("s1", "reverted", PATH, 4)]


def test_reformatting_is_no_fix_and_hides_none(shop: Builder) -> None:
    review = reviewed(shop)
    shop.write(PATH, WITH_TOTALS.replace("    ", "\t"))
    shop.commit("fix: indentation")
    shop.write(PATH, WITH_TOTALS.replace("    ", "  ").replace("total += ", "total+="))
    shop.commit("Fix the spaces")
    assert told(shop, review) == []
    shop.write(PATH, FIXED.replace("    ", "\t"))
    shop.commit("fix: count items")
    assert told(shop, review) == [("s1", "fixed", PATH, 1)]


def test_moved_lines_are_neither_fixed_nor_reverted(shop: Builder) -> None:
    review = reviewed(shop)
    body = WITH_TOTALS[WITH_TOTALS.index("def totals") : WITH_TOTALS.index("def last")]
    shop.write(PATH, BASE)
    shop.write("shop/totals.py", body)
    shop.commit("Fix the layout of the package")
    assert told(shop, review) == []


def test_a_renamed_file_is_followed(shop: Builder) -> None:
    review = reviewed(shop)
    shop.git("mv", PATH, "shop/basket.py")
    shop.commit("Rename")
    shop.write("shop/basket.py", FIXED)
    shop.commit("fix: count items")
    assert told(shop, review) == [("s1", "fixed", PATH, 1)]


def test_a_branch_is_followed_through_its_merge(shop: Builder) -> None:
    base = shop.rev("HEAD")
    shop.branch("feature")
    shop.write("pay.py", "def pay(amount):\n    return amount * 100\n")
    shop.commit("Add pay")
    shop.write("pay.py", "def pay(amount):\n    return round(amount * 100)\n")
    shop.commit("Round")
    review = review_of(shop, base, shop.rev("HEAD"))
    shop.checkout("main")
    shop.write("other.py", "x = 1\n")
    shop.commit("Other")
    shop.git("merge", "--no-ff", "--no-edit", "feature")
    shop._commits += 1
    shop.branch("repair")
    shop.write("pay.py", "def pay(amount):\n    return int(amount * 100)\n")
    shop.commit("Fixes a crash")
    shop.checkout("main")
    shop.git("merge", "--no-ff", "--no-edit", "repair")
    assert told(shop, review) == [("s1", "fixed", "pay.py", 1)]


def test_a_squashed_or_rebased_branch_is_found_by_its_lines(shop: Builder) -> None:
    base = shop.rev("HEAD")
    shop.branch("feature")
    shop.write("pay.py", "def pay(amount):\n    return amount * 100\n")
    shop.commit("Add pay")
    shop.write("tax.py", "def tax(amount):\n    return amount * 19\n")
    shop.commit("Add tax")
    review = review_of(shop, base, shop.rev("HEAD"))
    shop.checkout("main")
    shop.write("other.py", "x = 1\n")
    shop.commit("Other")
    shop.git("merge", "--squash", "feature")
    shop.commit("Pay and tax (#7)")
    squashed = shop.rev("HEAD")
    shop.write("tax.py", "def tax(amount):\n    return amount * 0.19\n")
    shop.commit("fix: tax")
    assert told(shop, review) == [("s1", "fixed", "tax.py", 1)]
    shop.git("revert", "--no-edit", "HEAD")
    shop._commits += 1
    shop.git("revert", "--no-edit", squashed)
    assert told(shop, review)[-2:] == [
        ("s1", "reverted", "pay.py", 2),
        ("s1", "reverted", "tax.py", 1),  # the fix had taken the other away
    ]


def test_uncommitted_files_are_found_in_a_later_commit(shop: Builder) -> None:
    base = shop.rev("HEAD")
    shop.write(
        PATH, WITH_TOTALS.replace("return 1\n", "return 1\n\n\ndef extra():\n    return 5\n")
    )
    shop.write("new.py", "def new():\n    return 3\n")
    change = collect(ChangeRequest(cwd=shop.top))
    review = uncommitted(shop, base, tuple(file for batch in change.batches for file in batch))
    assert look(shop, review).looked == 0
    shop._commits += 1
    shop.add("new.py")
    shop.commit("Add new", add=False)
    shop.commit("Add extra")
    shop.write(PATH, WITH_TOTALS)
    shop.write("new.py", "def new():\n    return 4\n")
    shop.commit("Bug: new was wrong")
    found = look(shop, review)
    assert found.looked == 1
    assert sorted((one.path, one.kind.value) for one in found.found) == [
        ("new.py", "fixed"),
        (PATH, "fixed"),
    ]


def test_files_that_were_changed_before_the_commit_are_not_guessed(shop: Builder) -> None:
    base = shop.rev("HEAD")
    shop.write("new.py", "def new():\n    return 3\n")
    change = collect(ChangeRequest(cwd=shop.top))
    review = uncommitted(shop, base, tuple(file for batch in change.batches for file in batch))
    shop.write("new.py", "def new():\n    # it is three\n    return 3\n")
    shop.commit("Add new")
    shop.write("new.py", "def new():\n    return 4\n")
    shop.commit("fix: four")
    found = look(shop, review)
    assert (found.looked, found.found) == (0, [])
    assert "The changes of 1 session aren't in this history" in found.notices[0]


def test_a_shallow_clone_says_what_it_lacks(shop: Builder, tmp_path: Path) -> None:
    review = reviewed(shop)
    shop.write(PATH, FIXED)
    shop.commit("fix: count items")
    shallow = shop.clone(tmp_path / "shallow", "--depth=1")
    found = look(shallow, review)
    assert (found.looked, found.found) == (0, [])
    assert "or in another clone" in found.notices[0]


def test_fixes_within_the_reviewed_branch_are_part_of_it(shop: Builder) -> None:
    base = shop.rev("HEAD~")
    shop.write(PATH, FIXED)
    shop.commit("fix: count items")
    assert told(shop, review_of(shop, base, shop.rev("HEAD"))) == []


def test_each_session_gets_its_own_outcome(shop: Builder) -> None:
    first, again = reviewed(shop), reviewed(shop, session="s2")
    shop.write(PATH, FIXED)
    shop.commit("fix: count items")
    assert told(shop, first, again) == [("s1", "fixed", PATH, 1), ("s2", "fixed", PATH, 1)]


def test_hostile_messages_and_names_are_only_data(shop: Builder) -> None:
    name = b'--output=x\n\xff"\x1b[2J.py'
    shop.write(name, "def one():\n    return 1\n")
    shop.commit("Add")
    review = reviewed(shop)
    shop.write(name, "def one():\n    return 2\n")
    zeros = "0" * 40
    shop.commit(f"fix: \x1b[2J\n\n{zeros}\ndiff --git a/x b/x\nThis reverts commit {'a' * 3000}")
    (one,) = look(shop, review).found
    assert os.fsencode(one.path) == name
    assert (one.kind.value, one.lines) == ("fixed", 1)


def test_the_repository_cannot_start_programs_or_hide_commits(shop: Builder, tmp_path) -> None:
    review = reviewed(shop)
    shop.write(".gitattributes", "*.py diff=evil\n")
    shop.git("config", "diff.evil.textconv", f"touch {tmp_path / 'ran'}; cat")
    shop.git("config", "diff.external", f"touch {tmp_path / 'ran'}; true")
    shop.git("config", "blame.ignoreRevsFile", "ignored")
    shop.write("ignored", f"{review.head}\n")
    shop.write(PATH, FIXED)
    shop.commit("fix: count items")
    assert told(shop, review) == [("s1", "fixed", PATH, 1)]
    assert not (tmp_path / "ran").exists()


def test_what_git_cannot_blame_is_said(shop: Builder) -> None:
    review = reviewed(shop)
    shop.git("config", "blame.ignoreRevsFile", "nowhere")
    shop.write(PATH, FIXED)
    shop.commit("fix: count items")
    found = look(shop, review)
    assert found.found == []
    assert found.notices[0].startswith("git couldn't say where lines of 1 file come from: ")
    assert "nowhere" in found.notices[0]


def test_ids_that_are_none_are_not_given_to_git(shop: Builder) -> None:
    review = review_of(shop, None, shop.rev("HEAD"))
    hostile = type(review)("s9", review.opened_at, "--output=x", "HEAD", (), (), {})
    assert look(shop, hostile).looked == 0
    assert not (shop.top / "x").exists()


def test_no_time_is_said(shop: Builder) -> None:
    found = look(shop, reviewed(shop), seconds=0.0)
    assert any("Stopped after 0 seconds" in one for one in found.notices)
