from dataclasses import replace
from typing import Any

import pytest

from tests.analysers.changes import diff_body
from xreview.domain.change import FileDiff, FileStatus
from xreview.review.prompt.routing import routing

BODY = diff_body("", "x = 1\n")


def diff(path: str, status: FileStatus = FileStatus.MODIFIED, **more: Any) -> FileDiff:
    return replace(FileDiff(path, status, body=BODY), **more)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (diff("web/package-lock.json"), "a lock file"),
        (diff("Gemfile.lock"), "a lock file"),
        (
            diff("lib", new_mode="160000"),
            "a submodule, whose content isn't part of this repository",
        ),
        (diff("a.png", binary=True), "binary, or larger than 16 MiB"),
        (diff("a.py", FileStatus.RENAMED, body=b""), "none of its lines changed"),
        (
            diff("a.py", body=b"", old_mode="100644", new_mode="100755"),
            "only its mode changed, from 100644 to 100755",
        ),
    ],
)
def test_what_is_left_out_as_expected(file: FileDiff, why: str) -> None:
    skipped = routing().skip(file)

    assert skipped is not None
    assert (skipped.why, skipped.expected) == (why, True)


@pytest.mark.parametrize(
    "file",
    [
        diff("a.py", FileStatus.UNMERGED),
        diff("a.py", FileStatus.ADDED, body=b"", notice="Not read: it has 99 bytes."),
    ],
)
def test_what_somebody_would_miss_is_a_gap(file: FileDiff) -> None:
    skipped = routing().skip(file)

    assert skipped is not None
    assert not skipped.expected


@pytest.mark.parametrize(
    "path",
    [
        "a.py",
        "a.sql",
        "Dockerfile",
        "a.yaml",
        "README.md",
        "clock.py",
        "src/lock.py",
        "min.js",
        "x",
        "vendor/a/b.go",
        "a/node_modules/b/c.js",
        "api/x_pb2.py",
        "static/jquery.MIN.js",
        "dist/a/index.js",
    ],
)
def test_what_is_read(path: str) -> None:
    assert routing().skip(diff(path)) is None
    assert routing().skip(diff(path, FileStatus.DELETED)) is None


@pytest.mark.parametrize(
    ("file", "last"),
    [
        (diff("a.py"), ""),
        (diff("vendor/a/b.go"), "vendored code"),
        (diff("api/x_pb2.py"), "generated (by name)"),
        (diff("README.md"), "documentation"),
        (diff("a.py", FileStatus.DELETED), "deleted"),
    ],
)
def test_what_a_name_may_disguise_is_read_last(file: FileDiff, last: str) -> None:
    assert routing().route(file).last == last


def score(path: str, code: str = "x = 1\n", old: str = "") -> int:
    return routing().route(FileDiff(path, FileStatus.ADDED, body=diff_body(old, code))).score


def test_what_is_risky_scores_higher() -> None:
    plain = score("src/colours.py")

    for path in ("src/auth/login.py", "Payment.java", "db/migrations/1.py", "src/worker.go"):
        assert score(path) > plain
    for code in (
        "check(password)",
        "eval(x)",
        "with self.lock:",
        "async def f():",
        "} catch (e) {}",
    ):
        assert score("src/colours.py", code) > plain
    assert score("src/colours.py", "x = 1\n" * 100) > plain
    assert score("tests/test_auth.py") < score("src/auth.py")


def test_words_count_on_changed_lines_only_and_by_their_parts() -> None:
    old = "def check(password):\n    a = 1\n"
    assert score("src/colours.py", old.replace("1", "2"), old) == score(
        "src/colours.py", "a = 2\nb = 1"
    )
    assert score("src/colours.py", "x = userPassword") == score("src/colours.py", "x = password")


def test_the_score_is_made_as_the_data_file_says() -> None:
    # auth's path 8 + a secret's word 4 + an error's word 2 + 4 changed lines 3
    found = routing().route(
        FileDiff(
            "src/auth.py",
            FileStatus.ADDED,
            body=diff_body("", "try:\n    check(password)\nexcept Error:\n    pass\n"),
        )
    )

    assert found.score == 17
    assert found.reasons == (
        "authentication, authorisation, secrets, cryptography",
        "secrets, cryptography, permissions",
        "errors and time",
    )


@pytest.mark.parametrize("path", ["README.md", "docs/auth.rst", "LICENSE", "data/prices.csv"])
def test_documents_and_data_come_last(path: str) -> None:
    assert routing().route(diff(path)).last


@pytest.mark.parametrize("path", ["requirements-dev.txt", "CMakeLists.txt", "a.json", "a.yml"])
def test_what_a_program_reads_does_not(path: str) -> None:
    assert not routing().route(diff(path)).last
