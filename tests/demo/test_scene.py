"""The three scripted attempts, looked at one by one, and beside each other."""

import difflib
import json
import subprocess
import sys

import pytest

from tests.demo.test_sample import files
from xreview.config.schema import AttemptSettings, Settings
from xreview.demo.panel import scripts
from xreview.demo.scene import CHECKS, TASK, WRITERS, own_python, scene_settings
from xreview.review.attempts.statement_reply import read_statement

ATTEMPTS = {script.name: one for script in scripts() for one in script.attempts}


def attempted(name: str) -> dict[str, str]:
    """The sample as a writer leaves it."""
    made = dict(files())
    for edit in ATTEMPTS[name]["edit"]:
        path, search, text = edit["path"], edit["search"], edit["replace"]
        before = made.get(path, "")
        assert before.count(search) == 1 if search else path not in made, edit
        made[path] = before.replace(search, text) if search else text
    return made


def test_each_family_has_one_attempt_at_the_task_of_the_scene():
    assert tuple(sorted(ATTEMPTS)) == WRITERS
    assert {one["task"] for one in ATTEMPTS.values()} == {TASK.split("\n")[0]}
    assert len({script.vendor for script in scripts()}) == len(WRITERS)


@pytest.mark.parametrize("name", WRITERS)
def test_each_says_what_it_is_in_the_form_that_writers_must_use(name):
    one = ATTEMPTS[name]
    answer = {"edits": one["edit"], "removed": [], "statement": one["statement"]}
    read = read_statement(json.dumps(answer), name, is_writers=True, needs_edits=True)
    assert read.errors == read.remarks == ()
    made = attempted(name)
    for case in read.reply.statement.handled:
        assert case.quote.strip("\n") in made[case.path]


@pytest.mark.parametrize(
    ("name", "fails"),
    [
        ("claude (scripted)", ""),
        ("gpt (scripted)", ""),
        ("gemini (scripted)", "test_two_nights_at_the_same_price_both_count"),
        ("", ""),
    ],
)
def test_the_tests_of_the_sample_pass_but_for_one_of_one_attempt(tmp_path, name, fails):
    for path, text in (attempted(name) if name else files()).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    done = subprocess.run(
        CHECKS[0], shell=True, cwd=tmp_path, env=own_python({}), capture_output=True, text=True
    )
    assert (done.returncode != 0) is bool(fails), done.stderr
    failed = [row for row in done.stderr.splitlines() if row.startswith(("FAIL:", "ERROR:"))]
    assert [fails in row for row in failed] == [True] * bool(fails)


def test_they_part_where_it_is_interesting():
    claude, gemini, gpt = (attempted(name) for name in WRITERS)
    handler = "payments/webhooks.py"
    assert len({one[handler] for one in (claude, gemini, gpt)}) == len(WRITERS)
    assert "400" in gpt[handler]
    assert "400" not in claude[handler]
    before = files()["payments/ledger.py"].split("\n")

    def gone(made: dict[str, str]) -> list[str]:
        rows = difflib.ndiff(before, made["payments/ledger.py"].split("\n"))
        return [row for row in rows if row.startswith("- ")]

    assert gone(claude) == gone(gpt) != gone(gemini)
    assert all("timeout=5" in one["payments/database.py"] for one in (claude, gemini, gpt))
    assert set(gemini) - set(files()) == {"requirements-dev.txt", "tests/test_idempotency.py"}


def test_the_settings_of_the_scene_leave_the_others_as_they_are():
    given = Settings(theme="light", attempts=AttemptSettings(blind=False))
    made = scene_settings(given)
    assert (made.theme, made.attempts.blind) == ("light", False)
    assert made.attempts.writers == WRITERS
    assert made.fix.check == CHECKS


def test_the_tests_run_with_this_python_and_know_no_keys():
    assert own_python({"PATH": "/bin", "OPENAI_API_KEY": "x"}).keys() == {"PATH"}
    command = [sys.executable, "-c", "import sys; print(sys.version)"]
    done = subprocess.run(
        'python3 -c "import sys; print(sys.version)"', shell=True, env=own_python({}),
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == subprocess.check_output(command, text=True)
