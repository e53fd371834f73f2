"""What happened after a review moves the levels of the next one, once, and nothing else does."""

import json
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.proof.shop import CRUD, LOGIN, NOTES, RENAMING, Shop
from tests.repo.builder import _FIRST_COMMIT
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import FileViewed

ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
INTENDED = Decision(Verdict.REJECT, Reason.INTENDED)
SWALLOWING = CRUD + RENAMING.replace(
    "    notes.save(note)\n", "    try:\n        notes.save(note)\n    except:\n        pass\n"
)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Its commits are from now on."""
    made = Shop(tmp_path)
    made.repository._commits = int(time.time() - _FIRST_COMMIT) // 60
    return made


def reviewed(shop: Shop) -> list[dict[str, Any]]:
    done = shop.program.run("review", "--commit", "HEAD", "--format", "json")
    assert done.code in (0, 1), done.err
    return json.loads(done.out)["findings"]


def level_row(shop: Shop, level: int) -> dict[str, Any]:
    rows = shop.as_json("log", "stats")["calibration"]["levels"]
    return next(one for one in rows if one["level"] == level)["wrong"]


def test_a_revert_raises_the_next_level_of_the_file_with_its_date(shop: Shop) -> None:
    shop.repository.write(NOTES, SWALLOWING)
    shop.repository.commit("feat: rename notes")
    before = shop.trust("--commit", "HEAD")["files"][NOTES]
    for found in reviewed(shop):
        shop.decide(found, INTENDED)
    assert level_row(shop, before["level"])["count"] == 0

    assert shop.as_json("log", "outcomes")["outcomes"] == []
    shop.repository.git("revert", "--no-edit", "HEAD")
    (outcome,) = shop.as_json("log", "outcomes")["outcomes"]
    assert (outcome["kind"], outcome["path"], outcome["is_new"]) == ("reverted", NOTES, True)
    (again,) = shop.as_json("log", "outcomes")["outcomes"]
    assert again == {**outcome, "is_new": False}

    row = level_row(shop, before["level"])
    assert (row["count"], row["of"]) == (1, 1)
    shop.repository.write(NOTES, CRUD + RENAMING)
    after = shop.trust()["files"][NOTES]
    assert after["level"] > before["level"]
    (why,) = [one for one in after["reasons"] if one["question"] == "experience"]
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert (why["raises"], why["path"]) == (True, NOTES)
    assert today in why["words"]
    assert shop.program.run("log", "verify").code == 0


def test_an_accepted_finding_that_is_fixed_costs_nothing_and_a_later_bug_does(shop: Shop) -> None:
    shop.repository.write(NOTES, SWALLOWING)
    shop.repository.commit("feat: rename notes")
    before = shop.trust("--commit", "HEAD")["files"][NOTES]["level"]
    for found in reviewed(shop):
        shop.decide(found, ACCEPT)
    shop.repository.write(
        NOTES, SWALLOWING.replace("except:\n        pass", "except KeyError:\n        raise")
    )
    shop.repository.commit("fix: swallow no errors")
    shop.as_json("log", "outcomes")
    assert level_row(shop, before)["count"] == 0
    missed = shop.program.run("log", "missed", f"{NOTES}:11", "Titles can be empty")
    assert missed.code == 0, missed.err
    row = level_row(shop, before)
    assert (row["count"], row["of"]) == (1, 1)
    shop.repository.write(NOTES, SWALLOWING)
    assert shop.trust()["files"][NOTES]["level"] > before


def test_reviews_that_nobody_looked_at_earn_nothing(shop: Shop) -> None:
    for number in range(3):
        shop.repository.write(LOGIN, f"LIMIT = {number}\n")
        shop.repository.commit(f"feat: limit {number}")
        assert shop.program.run("review", "--commit", "HEAD").code in (0, 1)
    rows = shop.as_json("log", "stats")["calibration"]["levels"]
    assert {(one["wrong"]["count"], one["wrong"]["of"]) for one in rows} == {(0, 0)}
    shop.record("viewed", FileViewed(LOGIN, "x"))
    rows = shop.as_json("log", "stats")["calibration"]["levels"]
    assert sum(one["wrong"]["of"] for one in rows) == 0
    assert "Nothing decided yet" in shop.program.run("log", "stats").out


@pytest.mark.parametrize("seconds", [0.3, 0.6, 0.9, 1.2])
def test_killed_at_any_moment_nothing_is_lost_or_doubled(shop: Shop, seconds: float) -> None:
    shop.repository.write(NOTES, SWALLOWING)
    shop.repository.commit("feat: rename notes")
    killed_after(shop, seconds, "review", "--commit", "HEAD")
    for found in reviewed(shop):
        shop.decide(found, INTENDED)
    shop.repository.git("revert", "--no-edit", "HEAD")
    killed_after(shop, seconds, "log", "outcomes")
    outcomes = shop.as_json("log", "outcomes")["outcomes"]
    assert outcomes
    again = shop.as_json("log", "outcomes")["outcomes"]
    assert again == [{**one, "is_new": False} for one in outcomes]
    rows = shop.as_json("log", "stats")["calibration"]["levels"]
    assert sum(one["wrong"]["count"] for one in rows) == 1
    assert sum(one["wrong"]["of"] for one in rows) == 1
    verified = shop.program.run("log", "verify")
    assert verified.code == 0, verified.out


def killed_after(shop: Shop, seconds: float, *words: str) -> None:
    process = subprocess.Popen(
        shop.program.command(*words),
        cwd=shop.repository.top,
        env=shop.program.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    process.wait()
