import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysers.changes import diff_body
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.stakes.advice import advise
from xreview.domain.stakes.stakes import FileToCheck, Risk, WorkForm, WorkKind
from xreview.domain.stakes.tier import Tier
from xreview.review.stakes.change import change_stakes
from xreview.review.stakes.naming_tests import NamedByTests


def diff(path: str, new: str = "x = 1\n", old: str = "") -> FileDiff:
    return FileDiff(path, FileStatus.MODIFIED, body=diff_body(old, new))


def told(risk: Risk) -> tuple[str, WorkKind, str, str]:
    return risk.what, risk.kind, risk.path, risk.word


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (diff("README.md", "A word more.\n"), WorkKind.DOCUMENTATION),
        (diff("docs/authentication.md", "Keep the password secret.\n"), WorkKind.DOCUMENTATION),
        (diff("web/a.css", "color: red;\n"), WorkKind.INTERFACE),
        (diff("data/towns.csv", "Bern;CH\n"), WorkKind.OTHER),
        (diff("src/colours.py", "blue = 2\n", "blue = 1\n"), WorkKind.OTHER),
    ],
)
def test_what_is_cheap_and_soon_checked(file: FileDiff, kind: WorkKind) -> None:
    stakes = change_stakes([file])

    assert advise(stakes).tier is Tier.FAST, advise(stakes).reason
    assert (stakes.kind, stakes.risks) == (kind, ())


@pytest.mark.parametrize(
    ("file", "risk"),
    [
        (
            diff("src/auth/a.py"),
            Risk("authentication or secrets", WorkKind.AUTHENTICATION, "src/auth/a.py"),
        ),
        (
            diff("a.py", "check(userPassword)\n"),
            Risk("authentication or secrets", WorkKind.AUTHENTICATION, "a.py", "password"),
        ),
        (diff("src/refunds.py"), Risk("money", WorkKind.MONEY, "src/refunds.py")),
        (diff("data/prices.csv", "1;2\n"), Risk("money", WorkKind.MONEY, "data/prices.csv")),
        (diff("db/migrations/1.py"), Risk("a migration", WorkKind.MIGRATION, "db/migrations/1.py")),
        (diff("a.py", "a.lock()\n"), Risk("concurrency", WorkKind.CONCURRENCY, "a.py", "lock")),
        (
            diff("a.py", "os.unlink(x)\n"),
            Risk("deletion", WorkKind.STORED_DATA, "a.py", "unlink"),
        ),
        (diff("a.py", "purge(x)\n"), Risk("deletion", WorkKind.STORED_DATA, "a.py", "purge")),
        (
            replace(diff("a.py"), old_path="src/refunds.py"),
            Risk("money", WorkKind.MONEY, "src/refunds.py"),
        ),
        (diff("a.proto"), Risk("a public interface", WorkKind.OTHER, "a.proto")),
        (diff("AGENTS.md"), Risk("instructions to coding agents", WorkKind.OTHER, "AGENTS.md")),
        (
            diff("web/package.json"),
            Risk("what the project depends on", WorkKind.OTHER, "web/package.json"),
        ),
        (diff("tests/test_refunds.py"), Risk("money", WorkKind.MONEY, "tests/test_refunds.py")),
    ],
)
def test_what_is_expensive_to_get_wrong(file: FileDiff, risk: Risk) -> None:
    stakes = change_stakes([file])

    assert told(stakes.risks[0]) == told(risk)
    assert advise(stakes).tier is Tier.DEEP


def test_the_gravest_topic_comes_first_and_gives_the_kind() -> None:
    stakes = change_stakes([diff("a.py", "purge(x)\n"), diff("b.py"), diff("src/refund.py")])

    assert [risk.what for risk in stakes.risks] == ["money", "deletion"]
    assert stakes.kind is WorkKind.MONEY
    assert change_stakes([diff("tests/test_refund.py")]).kind is WorkKind.TESTS


@pytest.mark.parametrize(
    "file",
    [
        replace(diff("a.md"), binary=True),
        replace(diff("a.md"), unread="a hunk has 2 lines fewer than it says"),
        FileDiff("a.md", FileStatus.MODIFIED, old_mode="100644", new_mode="100755"),
        FileDiff("a.md", FileStatus.ADDED, new_mode="120000", body=diff_body("", "/etc/passwd\n")),
        FileDiff("lib", FileStatus.MODIFIED, old_mode="160000", new_mode="160000"),
        diff("a.md", "x" * 50_000),
        diff("notebook.ipynb", '"x": 1\n' * 4),
    ],
)
def test_what_a_glance_does_not_show_is_deep(file: FileDiff) -> None:
    assert advise(change_stakes([file])).tier is Tier.DEEP


def test_tests_that_name_what_changed_make_it_quicker_to_check() -> None:
    file = diff("src/colours.py", "a = 1\nb = 2\nc = 3\nd = 4\n")
    names = frozenset({"mixed", "darker"})

    def tier(named: NamedByTests) -> Tier:
        return advise(change_stakes([file], {file.path: named})).tier

    assert tier(NamedByTests()) is Tier.DEEP
    assert tier(NamedByTests(names, frozenset({"mixed"}))) is Tier.DEEP
    assert tier(NamedByTests(names, names)) is Tier.FAST
    reason = advise(change_stakes([file], {file.path: NamedByTests(names)})).reason
    assert reason.endswith(", and no test names 2 of the changed functions")


paths = st.one_of(st.text(min_size=1, max_size=20), st.sampled_from(["a.md", "b.css", "c.csv"]))
code = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60)
small = st.builds(diff, paths, code.map(lambda line: f"{line}\n"))


@given(
    st.lists(small, max_size=4),
    st.integers(0, 4),
    st.sampled_from(["src/auth.py", "billing/tax.py", "a/migrations/1.py", "work/queue.go"]),
)
def test_a_risky_file_never_lowers_the_tier(files: list[FileDiff], at: int, path: str) -> None:
    more = [*files[:at], diff(path, "\n"), *files[at:]]

    assert advise(change_stakes(more)).tier is Tier.DEEP


@given(st.lists(small, min_size=1, max_size=4), small)
def test_no_further_file_lowers_it(files: list[FileDiff], more: FileDiff) -> None:
    before, after = advise(change_stakes(files)), advise(change_stakes([*files, more]))

    assert after.tier is Tier.DEEP or before.tier is Tier.FAST
    assert after.reason.isprintable()


def test_a_huge_change_takes_little_time() -> None:
    line = "+return compute(a, b)\n"
    many = [
        FileDiff(f"p{n % 50}/m{n}.py", FileStatus.MODIFIED, body=f"@@ -0,0 +1 @@\n{line}".encode())
        for n in range(5_000)
    ]
    long = FileDiff(
        "a.py", FileStatus.ADDED, body=b"@@ -0,0 +1,90000 @@\n" + line.encode() * 90_000
    )
    began = time.perf_counter()
    stakes = change_stakes([long, *many])

    assert time.perf_counter() - began < 10
    assert len(stakes.parts) == 5_001
    assert stakes.parts[0] == FileToCheck("a.py", WorkForm.LOGIC, 90_000)
    assert advise(stakes).tier is Tier.DEEP
