"""Whether a change alters or removes what a release has, in real repositories with tags."""

from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from tests.review.attention.changes import whole
from xreview.review.attention.file_facts import find_facts

API = "lib/pay.py"
BEFORE = "def charge(amount):\n    return amount\n\n\ndef _inner(a):\n    return a\n"


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write(API, BEFORE)
    made.commit("first")
    return made


def released(builder: Builder, **named: object) -> set[str]:
    change = whole(builder, **named)
    return {path for path, one in find_facts(change, change.files).files.items() if one.is_released}


def test_without_a_tag_nothing_is_released(builder: Builder) -> None:
    builder.write(API, BEFORE.replace("charge(amount)", "charge(amount, tax)"))
    assert released(builder) == set()

    builder.git("tag", "v1")
    assert released(builder) == {API}


@pytest.mark.parametrize("tag", [("v1",), ("-a", "v1", "-m", "one"), ("--", "--help")])
def test_in_every_kind_of_change_and_of_tag(builder: Builder, tag: tuple[str, ...]) -> None:
    if tag == ("--", "--help"):  # no porcelain makes it
        builder.git("update-ref", "refs/tags/--help", "HEAD")
    else:
        builder.git("tag", *tag)
    builder.write(API, BEFORE.replace("charge", "pay"))
    assert released(builder) == {API}
    builder.add()
    assert released(builder, staged=True) == {API}
    builder.commit("second")
    assert released(builder, commit="HEAD") == {API}
    assert released(builder, base="HEAD^") == {API}

    builder.git("tag", "v2")
    builder.write(API, BEFORE)
    assert released(builder) == {API}
    builder.commit("third")
    assert released(builder, commit="HEAD^") == {API}, "v2 isn't before it"


def test_a_tag_after_the_change_or_beside_it_does_not_count(builder: Builder) -> None:
    builder.write(API, BEFORE.replace("charge", "pay"))
    builder.commit("second")
    builder.git("tag", "v1")
    assert released(builder, commit="HEAD") == set()

    builder.git("checkout", "-q", "--orphan", "aside")
    builder.commit("aside")
    builder.write(API, BEFORE)
    assert released(builder) == set()


@pytest.mark.parametrize(
    "after",
    [
        BEFORE.replace("return amount", "return amount + 1"),
        BEFORE.replace("_inner(a)", "_inner(a, b)"),
        BEFORE.replace("def charge(amount):", "def charge(\n    amount,\n):"),
        f"{BEFORE}\n\ndef new(a):\n    return a\n",
        f"def first():\n    return 1\n\n\n{BEFORE}",
        "def _inner(a):\n    return a\n\n\ndef charge(amount):\n    return amount\n",
    ],
)
def test_what_stays_as_it_was_is_no_alteration(builder: Builder, after: str) -> None:
    builder.git("tag", "v1")
    builder.write(API, after)
    assert released(builder) == set()


def test_a_parameter_on_a_line_of_its_own_counts(builder: Builder) -> None:
    text = "def charge(\n    amount,\n    tax=1,\n):\n    return amount\n"
    builder.write(API, text)
    builder.commit("second")
    builder.git("tag", "v1")
    builder.write(API, text.replace("tax=1", "tax=2"))
    assert released(builder) == {API}


def test_what_is_newer_than_the_release_can_change(builder: Builder) -> None:
    builder.git("tag", "v1")
    builder.write(API, f"{BEFORE}\n\ndef new(a):\n    return a\n")
    builder.write("lib/new.py", BEFORE)
    builder.commit("second")
    builder.write(API, f"{BEFORE}\n\ndef new(a, b):\n    return a\n")
    builder.delete("lib/new.py")
    assert released(builder) == set()


def test_a_deleted_or_moved_file_takes_its_names_away(builder: Builder) -> None:
    builder.git("tag", "v1")
    builder.delete(API)
    assert released(builder) == {API}

    builder.git("checkout", "-q", "--", API)
    builder.git("mv", API, "lib/money.py")
    assert released(builder) == {"lib/money.py"}


@pytest.mark.parametrize(
    "path", ["tests/test_pay.py", "lib/_pay.py", "internal/pay.py", "docs/x.py"]
)
def test_what_is_aside_or_private_is_not_released(builder: Builder, path: str) -> None:
    builder.write(path, BEFORE)
    builder.commit("second")
    builder.git("tag", "v1")
    builder.write(path, BEFORE.replace("charge", "pay"))
    assert released(builder) == set()


def test_a_shallow_clone_without_tags_has_no_release(builder: Builder, tmp_path: Path) -> None:
    builder.git("tag", "v1")
    builder.write(API, BEFORE.replace("charge", "pay"))
    builder.commit("second")
    builder.write(API, BEFORE)
    builder.commit("third")
    clone = tmp_path / "clone"
    builder.git("clone", "-q", "--depth=1", "--no-tags", f"file://{builder.top}", str(clone))
    shallow = Builder(clone, init=None)
    shallow.write(API, "def other():\n    return 1\n")
    assert released(shallow) == set()


def test_a_tag_of_a_file_and_a_first_commit_do_no_harm(builder: Builder) -> None:
    blob = builder.git("rev-parse", f"HEAD:{API}")
    builder.git("tag", "blob", blob)
    builder.write(API, BEFORE.replace("charge", "pay"))
    assert released(builder) == set()
    builder.commit("second")
    builder.git("tag", "-d", "blob")
    assert released(builder, commit="HEAD^") == set()
