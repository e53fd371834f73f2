"""What is related to a change in a real repository, and not in the change."""

import asyncio
from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from xreview.domain.related import RelatedCode, UntouchedCaller
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.related.related import LEAST_COMMITS, NO_HISTORY, find_related
from xreview.review.session.whole_change import read_to_end

STORE = "app/store.py"
BEFORE, AFTER = "def save_user(user): pass\n", "def save_user(user, store): pass\n"
CALLER = "from app.store import save_user\n\n\nsave_user(1)\n"
EXPECTED = UntouchedCaller("web.py", 4, "save_user", STORE, "passes 1 argument, needs 2")


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write(STORE, BEFORE)
    made.write("web.py", CALLER)
    made.commit("first")
    return made


def related(builder: Builder, **named: object) -> RelatedCode:
    request = ChangeRequest(builder.top, **named)  # pyright: ignore[reportArgumentType]
    collected = collect(request)
    change = read_to_end(collected, request)
    collected.close()
    return asyncio.run(find_related(change))


def test_a_call_that_was_not_adapted_is_found_in_every_kind_of_change(builder: Builder) -> None:
    builder.write(STORE, AFTER)
    assert related(builder).callers == (EXPECTED,)

    builder.git("add", ".")
    assert related(builder, staged=True).callers == (EXPECTED,)

    builder.commit("second")
    assert related(builder, commit="HEAD").callers == (EXPECTED,)
    assert related(builder, range="HEAD^..HEAD").callers == (EXPECTED,)
    assert related(builder, base="HEAD^").callers == (EXPECTED,)


def test_a_call_of_a_function_that_is_gone_with_its_file_is_found(builder: Builder) -> None:
    builder.git("rm", "-q", STORE)

    (one,) = related(builder).callers

    assert (one.path, one.why) == ("web.py", "it's gone")
    assert one.words == "calls save_user of app/store.py: it's gone"


def test_a_call_in_a_new_file_is_in_the_change(builder: Builder) -> None:
    builder.write(STORE, AFTER)
    builder.write("new.py", CALLER)

    assert related(builder).callers == (EXPECTED,)


def test_a_call_that_the_change_touched_is_not_named(builder: Builder) -> None:
    builder.write(STORE, AFTER)
    builder.write("web.py", CALLER.replace("(1)", "(\n    2)"))

    assert related(builder).callers == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("web.py", "from elsewhere import save_user\n\nsave_user(1)\n"),
        ("web.py", "from app.store import save_user\n\nsave_user(1, 2)\n"),
        ("web.py", "import requests\n\nrequests.save_user(1)\n"),
        ("other.py", "def save_user(one): pass\n"),
        ("other.py", "save_user = print\n"),
    ],
)
def test_a_namesake_is_not_named(builder: Builder, path: str, text: str) -> None:
    builder.write(path, text)
    builder.commit("namesake")
    builder.write(STORE, AFTER)

    assert related(builder).callers == ()


def test_what_a_parameter_holds_is_not_what_is_gone(builder: Builder) -> None:
    text = "def act(save_user):\n    save_user(1)\n"
    builder.write(STORE, f"{BEFORE}\n{text}")
    builder.git("rm", "-q", "web.py")
    builder.commit("parameter")
    builder.write(STORE, text)

    assert related(builder).callers == ()


def test_what_is_imported_in_its_place_is_not_gone(builder: Builder) -> None:
    builder.write(STORE, f"{BEFORE}save_user(1)\n")
    builder.git("rm", "-q", "web.py")
    builder.commit("own call")
    builder.write(STORE, "from elsewhere import save_user\n\nsave_user(1)\n")

    assert related(builder).callers == ()


def test_a_method_is_looked_for_where_its_class_is_named(builder: Builder) -> None:
    builder.write(STORE, "class Store:\n    def save_user(self, user): pass\n")
    builder.write("web.py", "def use(store: 'Store'):\n    store.save_user(1)\n")
    builder.write("far.py", "def use(bag):\n    bag.save_user(1)\n")
    builder.commit("methods")
    builder.write(STORE, "class Store:\n    def save_user(self, user, at): pass\n")

    assert [one.path for one in related(builder).callers] == ["web.py"]


def test_a_method_that_a_base_may_have_is_not_gone(builder: Builder) -> None:
    builder.write(STORE, "class Store(Base):\n    def save_user(self): pass\n")
    builder.write("web.py", "def use(store: 'Store'):\n    store.save_user()\n")
    builder.commit("methods")
    builder.write(STORE, "class Store(Base):\n    pass\n")

    assert related(builder).callers == ()


def test_a_usual_companion_is_named_until_it_is_in_the_change(builder: Builder) -> None:
    for number in range(LEAST_COMMITS):
        builder.write(STORE, f"{BEFORE}# {number}\n")
        builder.write("schema.sql", f"{number}\n")
        builder.commit("both")
    builder.write(STORE, f"{BEFORE}# last\n")

    (place,) = related(builder).places
    assert (place.path, place.line) == ("schema.sql", 1)
    assert place.why == "changed in each of the last 20 commits to app/store.py"

    builder.write("schema.sql", "last\n")
    assert related(builder).places == ()


def test_no_program_of_the_repository_runs(builder: Builder, tmp_path: Path) -> None:
    sign = tmp_path / "ran"
    builder.write(".gitattributes", "*.py diff=evil filter=evil\n")
    builder.commit("attributes")
    for key in ("diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge", "core.fsmonitor"):
        builder.git("config", key, f"touch {sign}; cat")
    builder.write(STORE, AFTER)
    sign.unlink(missing_ok=True)

    assert related(builder).callers == (EXPECTED,)
    assert not sign.exists()


def test_a_short_history_says_nothing_of_companions_and_says_so(builder: Builder) -> None:
    builder.write(STORE, AFTER)

    found = related(builder)

    assert found.callers == (EXPECTED,)
    assert found.co_changes == ()
    assert found.why_none.startswith("With 1 commit before it")


def test_a_first_commit_has_no_history(builder: Builder) -> None:
    assert related(builder, commit="HEAD").why_none == NO_HISTORY


def test_a_double_in_a_test_does_not_make_the_name_ambiguous(builder: Builder) -> None:
    builder.write("tests/test_web.py", "import web\n\nweb.save_user = lambda user: None\n")
    builder.write("tests/double.py", "def save_user(user): pass\n\n\nsave_user(2)\n")
    builder.commit("doubles")
    builder.write(STORE, AFTER)

    assert related(builder).callers == (EXPECTED,)


def test_a_namesake_in_the_product_makes_it_ambiguous(builder: Builder) -> None:
    builder.write("other.py", "def save_user(user): pass\n")
    builder.commit("namesake")
    builder.write(STORE, AFTER)

    assert related(builder).callers == ()
