from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.reports import added_file, finding, report
from xreview.domain.change import FileDiff, FileStatus
from xreview.tui.widgets.findings.apart import Functions, told_apart

SOURCE = (
    "import os",
    "",
    "class Cart:",
    "    def load(self):",
    "        try:",
    "            return 1",
    "        except Exception:",
    "            pass",
    "",
    "    async def pay(self, amount):",
    "        self.total += amount",
    "TOTAL = 3",
)


def swallowed(line: int, path: str = "a.py", title: str = "Swallowed error", quote: str = "pass"):
    return finding(report(title, path=path, line=line, quote=quote, rule=f"{title} {line} {path}"))


def function_at(line: int, quote: str = "pass", *files: FileDiff) -> str:
    return Functions(files or [added_file("a.py", *SOURCE)]).around(swallowed(line, quote=quote))


def test_the_function_around_a_line_is_found_in_the_diff():
    assert function_at(8) == "load()"
    assert function_at(11) == "pay()"
    assert function_at(4, "    def load(self):") == "load()"
    assert function_at(3, "class Cart:") == ""
    assert function_at(12) == ""
    assert function_at(99) == ""


def test_git_says_which_function_a_hunk_begins_in():
    body = b"@@ -10,2 +10,2 @@ def charge(card):\n     x = 1\n-    y = 2\n+    y = 3\n"
    file = FileDiff("a.py", FileStatus.MODIFIED, body=body)
    assert function_at(11, "y = 3", file) == "charge()"


def test_blocks_of_one_hunk_do_not_reach_into_the_next():
    body = b"@@ -1,2 +1,2 @@\n def one():\n+    a = 1\n@@ -20,1 +21,2 @@\n+    b = 2\n     c = 3\n"
    file = FileDiff("a.py", FileStatus.MODIFIED, body=body)
    assert function_at(2, "a = 1", file) == "one()"
    assert function_at(21, "b = 2", file) == ""


def test_equal_titles_are_told_apart_by_what_differs():
    functions = {8: "load()", 11: "pay()"}
    function_of = lambda one: functions.get(one.anchor.start_line, "")  # noqa: E731
    load, pay = swallowed(8), swallowed(11)
    assert told_apart([load, pay, swallowed(1, title="Other")], function_of) == {
        load.fingerprint: "load()",
        pay.fingerprint: "pay()",
    }
    here, there = swallowed(2), swallowed(2, "docs/b.py")
    assert list(told_apart([here, there], function_of).values()) == ["a.py", "b.py"]
    first, second = swallowed(2), swallowed(3)
    assert list(told_apart([first, second], lambda _: "f()").values()) == ["", ""], (
        "the line stands below"
    )


def test_as_few_parts_as_needed_make_the_difference():
    ones = [swallowed(1), swallowed(2), swallowed(3)]
    names = iter(["f()", "f()", "g()"])
    assert list(told_apart(ones, lambda _: next(names)).values()) == ["f()", "f()", "g()"]


@given(st.sets(st.sampled_from(list(product("fg", "ab", range(1, 4)))), min_size=2))
def test_what_differs_at_all_is_told_apart(places):
    ones = {swallowed(line, f"{path}.py"): function for function, path, line in sorted(places)}
    additions = told_apart(ones, lambda one: f"{ones[one]}()")
    where = {(one.anchor.path, function) for one, function in ones.items()}
    if len(where) == len(ones) == len(places):
        assert len(set(additions.values())) == len(ones)


def test_hostile_names_are_shown_not_executed():
    ones = [swallowed(1, "a\x1b[2J.py"), swallowed(1, "b.py")]
    assert list(told_apart(ones, lambda _: "").values()) == ["a␛[2J.py", "b.py"]
