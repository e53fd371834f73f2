import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.review.prompt.grouping import groups_of

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
    assert groups_of([test, source, "z/other.py"]) == [
        (source, test),
        ("z/other.py",),
    ]


def test_the_nearest_source_gets_the_test() -> None:
    found = groups_of(["src/a/base.py", "src/b/base.py", "tests/b/test_base.py"])

    assert found == [("src/a/base.py",), ("src/b/base.py", "tests/b/test_base.py")]


def test_header_and_implementation_go_together() -> None:
    found = groups_of(["a/x.c", "a/x.h", "b/x.h", "a/y.c"])

    assert found == [("a/x.c", "a/x.h"), ("a/y.c",), ("b/x.h",)]


@given(paths, st.randoms())
def test_each_path_is_in_one_group_whatever_the_order(given_paths, random) -> None:
    shuffled = list(given_paths)
    random.shuffle(shuffled)
    groups = groups_of(given_paths)

    assert sorted(path for group in groups for path in group) == sorted(given_paths)
    assert groups_of(shuffled) == groups
