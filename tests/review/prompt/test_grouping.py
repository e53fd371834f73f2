import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.review.prompt.grouping import Together, groups_of, packed

names = st.sampled_from(["a", "b", "index"]).flatmap(
    lambda stem: st.sampled_from(
        [f"{stem}.py", f"test_{stem}.py", f"{stem}.h", f"{stem}.c", f"{stem}.spec.ts", f".{stem}"]
    )
) | st.sampled_from(["ATest.java", "A.java", "test_.py", "tests.py", "x"])
folders = st.sampled_from(["", "src/", "src/b/", "tests/", "tests/b/", "pkg/"])
paths = st.lists(st.builds(str.__add__, folders, names), unique=True)


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("src/app/pay.py", "tests/app/test_pay.py"),
        ("pay.py", "test_pay.py"),
        ("pkg/pay.go", "pkg/pay_test.go"),
        ("web/Pay.tsx", "web/Pay.test.tsx"),
        ("src/main/java/x/Pay.java", "src/test/java/x/PayTest.java"),
        ("lib/pay.rb", "spec/pay_spec.rb"),
    ],
)
def test_a_test_goes_with_its_source(source: str, test: str) -> None:
    assert groups_of([test, source, "z/other.py"], Together.RELATED) == [
        (source, test),
        ("z/other.py",),
    ]
    assert groups_of([test, source], Together.NOTHING) == [(one,) for one in sorted((source, test))]


def test_the_nearest_source_gets_the_test() -> None:
    found = groups_of(["src/a/base.py", "src/b/base.py", "tests/b/test_base.py"], Together.RELATED)

    assert found == [("src/a/base.py",), ("src/b/base.py", "tests/b/test_base.py")]


def test_header_and_implementation_go_together() -> None:
    found = groups_of(["a/x.c", "a/x.h", "b/x.h", "a/y.c"], Together.RELATED)

    assert found == [("a/x.c", "a/x.h"), ("a/y.c",), ("b/x.h",)]


@given(paths, st.sampled_from(Together), st.randoms())
def test_each_path_is_in_one_group_whatever_the_order(given_paths, together, random) -> None:
    shuffled = list(given_paths)
    random.shuffle(shuffled)
    groups = groups_of(given_paths, together)

    assert sorted(path for group in groups for path in group) == sorted(given_paths)
    assert groups_of(shuffled, together) == groups


@given(
    st.dictionaries(st.builds(str.__add__, folders, st.text("abc", min_size=1)), st.integers(1, 9)),
    st.integers(1, 30),
    st.data(),
)
def test_a_size_only_moves_those_it_shared_a_request_with(sizes, room, data) -> None:
    def requests(of: dict[str, int]) -> set[tuple[str, ...]]:
        groups = groups_of(list(of), Together.FOLDER)
        return set(packed(groups, lambda group: sum(of[path] for path in group), room))

    before = requests(sizes)
    if not sizes:
        return
    edited = data.draw(st.sampled_from(sorted(sizes)))
    after = requests({**sizes, edited: data.draw(st.integers(1, 30))})

    touched = {path for group in before | after if edited in group for path in group}
    for group in before ^ after:
        assert set(group) <= touched
    for group in after:
        assert (
            len(groups_of(group, Together.RELATED)) == 1
            or sum(1 if path == edited else sizes[path] for path in group) <= room
        )
