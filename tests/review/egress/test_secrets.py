"""What looks like a secret is withheld; what only talks about secrets is not."""

import string
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xreview.review.egress.secrets import WITHHELD, find_secrets, without_lines

_RANDOM = "Zq3R8vXk1LmT0pWd7YbNc5HsJ2gFaE9uQi4o"  # invented


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app.py", f'KEY = "sk-ant-api03-{_RANDOM}"'),
        ("app.py", 'password = "correct-horse-9"'),
        ("app.py", 'token = "ghp_' + "16C7e42F292c6912E7710c838347Ae178B4a" + '"'),
        ("app.py", 'maps = "AIza' + 'SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY"'),
        ("app.py", "aws_access_key_id = 'AKIA" + "QWERTYUIOPASDFGH'"),
        ("app.py", 'url = "https://user:pa55word@host.example/x"'),
        (".env", f"ANTHROPIC_API_KEY=sk-ant-api03-{_RANDOM}"),
        (".env.local", "DB_PASSWORD=tr0ub4dor-3x"),
        ("settings.yml", "password: correct-horse"),
        ("setup.cfg", "secret_key = Zq3R8vXk1LmT0p"),
        ("app.py", 'PassWord = "correct-horse-9"'),
        ("app.py", 'pa\u017f\u017fword = "correct-horse-9"'),  # a long s is a small letter s
        ("app.py", 'api_\u212aey = "correct-horse-9x"'),  # the sign of kelvin is a capital K
    ],
)
def test_a_secret_is_found(path: str, line: str) -> None:
    assert find_secrets(f"first = 1\n{line}\nlast = 2\n", path).lines == {2}


@pytest.mark.parametrize(
    "line",
    [
        'api_key = os.environ["OPENAI_API_KEY"]',
        "def check_password(self, password: str) -> bool:",
        "raise ValueError('the token is missing')",
        "self.secret = secret",
        'greeting = "hello, world, this is a plain sentence"',
    ],
)
def test_code_about_secrets_stays(line: str) -> None:
    assert not find_secrets(line, "app.py").lines


def test_all_lines_of_a_private_key_are_withheld() -> None:
    key = subprocess.run(
        ["openssl", "genrsa", "1024"], capture_output=True, text=True, check=True
    ).stdout
    rows = key.rstrip("\n").count("\n") + 1

    given_text = f"before\n{key}after\n"
    found = find_secrets(given_text, "deploy.txt").lines

    assert len(found) == rows
    assert without_lines(given_text, found) == "before\n" + f"{WITHHELD}\n" * rows + "after\n"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("\r\n\x85\u2028=\"'")))
def test_any_text_keeps_its_number_of_lines(text: str) -> None:
    found = find_secrets(text, "a.py").lines
    shown = without_lines(text, found)

    assert shown.count("\n") == text.count("\n")
    assert len(found) == shown.split("\n").count(WITHHELD)


def test_text_that_is_not_unicode_is_read() -> None:
    assert find_secrets('x = "\udcff"\npassword = "correct-horse-9"\n', "a.py").lines == {2}


@given(st.lists(st.sampled_from([*string.ascii_letters, "\n", '"', "\u2028"]), max_size=200))
@settings(max_examples=30, deadline=None)
def test_lines_are_counted_as_the_diff_counts_them(before: list[str]) -> None:
    text = "".join(before).replace('"', "") + '\npassword = "correct-horse-9"'

    assert text.count("\n") + 1 in find_secrets(text, "a.py").lines
