"""Ignore patterns, against git itself, and in time that no pattern can blow up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from xreview.config.ignore import IgnoreRules, flaw

CASES = [
    ("*.lock", "poetry.lock", True),
    ("*.lock", "deep/down/poetry.lock", True),
    ("*.lock", "poetry.lock.py", False),
    ("vendor/", "vendor/a.js", True),
    ("vendor/", "src/vendor/a.js", True),
    ("vendor/", "vendor", False),
    ("/build", "build", True),
    ("/build", "src/build", False),
    ("src/gen", "src/gen/a.py", True),
    ("src/gen", "x/src/gen/a.py", False),
    ("src/*.py", "src/a.py", True),
    ("src/*.py", "src/deep/a.py", False),
    ("src/**/test_*.py", "src/test_a.py", True),
    ("src/**/test_*.py", "src/a/b/test_a.py", True),
    ("**/gen", "a/b/gen/c", True),
    ("a/**", "a/b", True),
    ("a/**", "a", False),
    ("a/**/**/b", "a/b", True),
    ("file?.txt", "file1.txt", True),
    ("file?.txt", "file10.txt", False),
    ("[a-c]x", "bx", True),
    ("[!a-c]x", "bx", False),
    ("[^a-c]x", "dx", True),
    ("[]]x", "]x", True),
    (r"\#x", "#x", True),
    (r"\!x", "!x", True),
    (r"a\*", "a*", True),
    (r"a\*", "ab", False),
    ("a.b", "axb", False),
    ("a+(b", "a+(b", True),
    ("trailing  ", "trailing", True),
    ("trailing\\ ", "trailing ", True),
    ("Ünï*", "Ünïcode", True),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), CASES)
def test_one_pattern(pattern: str, path: str, expected: bool) -> None:
    assert IgnoreRules([pattern]).ignores(path) is expected


def test_the_last_pattern_that_matches_decides() -> None:
    rules = IgnoreRules(["*.py", "!keep.py"])
    assert rules.ignores("a.py")
    assert not rules.ignores("keep.py")


def test_nothing_is_brought_back_out_of_an_ignored_folder() -> None:
    rules = IgnoreRules(["vendor/", "!vendor/keep.py"])
    assert rules.ignores("vendor/keep.py")


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("# a comment", "comment"),
        ("!", "is empty"),
        ("/", "is empty"),
        ("a//b", "empty part"),
        ("[a", "unclosed"),
        ("a\\", "single backslash"),
        ("[[:alpha:]]", "isn't supported"),
    ],
)
def test_a_flaw_is_named(pattern: str, why: str) -> None:
    assert why in flaw(pattern)
    with pytest.raises(ValueError, match=r"."):
        IgnoreRules([pattern])


HOSTILE = """
from xreview.config.ignore import IgnoreRules
for pattern, path in (
    ("*a" * 60 + "b", "a" * 4000),
    ("**/*a*a*a*a*b/" * 8 + "x", "/".join(["a" * 200] * 20)),
    ("**/a/" * 30 + "b", "/".join("a" * 2000)),
    ("?*" * 90, "a" * 4000 + "/b"),
):
    IgnoreRules([pattern]).ignores(path)
"""


def test_no_pattern_blows_up() -> None:
    # A matcher that backtracks needs longer than the universe has, this one milliseconds.
    subprocess.run([sys.executable, "-c", HOSTILE], check=True, timeout=120)


NAMES = st.text("ab.[]!^-?*\\ ", min_size=1, max_size=5)
PLAIN_NAMES = st.text("ab.-!", min_size=1, max_size=4).filter(lambda name: name.strip(".") != "")


@pytest.fixture(scope="module")
def empty_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ignore")
    _git(path, "init", "-q")
    return path


def _git(path: Path, *words: str, text: str = "") -> str:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(path),
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["git", *words], cwd=path, env=environ, input=text, capture_output=True, text=True
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(
    patterns=st.lists(
        st.lists(NAMES | st.sampled_from(["**", "a", "b", "*", "a*", "[ab]"]), max_size=3).map(
            "/".join
        )
        | st.sampled_from(["/a", "a/", "!a", "!b/a", "**/a", "a/**", "!**/b"]),
        min_size=1,
        max_size=4,
    ),
    paths=st.lists(
        st.lists(PLAIN_NAMES, min_size=1, max_size=4).map("/".join), min_size=1, max_size=8
    ),
)
def test_patterns_mean_what_they_mean_to_git(
    empty_repository: Path, patterns: list[str], paths: list[str]
) -> None:
    assume(not any(flaw(pattern) for pattern in patterns))
    (empty_repository / ".git" / "info").mkdir(exist_ok=True)
    (empty_repository / ".git" / "info" / "exclude").write_text("\n".join(patterns) + "\n")
    answer = _git(
        empty_repository, "check-ignore", "--no-index", "--stdin", "-z", text="\0".join(paths)
    )
    ignored = set(answer.split("\0")) - {""}
    rules = IgnoreRules(patterns)
    assert {path for path in paths if rules.ignores(path)} == ignored
