"""One account of a session: the terminal and every export say the same numbers."""

import csv
import io
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from tests.proof.readers import ApiReaders, api_readers
from tests.proof.shop import Shop, weak
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.export.format import export_formats

ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
HEADLINE = "1 caught, 0 rejected, 0 undecided; 1 file not read"
WHY = "binary, or larger than 16 MiB"
BINARY = "notes.bin"


@pytest.fixture
async def readers() -> AsyncGenerator[ApiReaders, None]:
    async with api_readers() as running:
        running.knows("opus", weak())
        running.knows("gpt", weak(), stance="rebuts")
        yield running


async def test_every_export_tells_the_same_account(tmp_path: Path, readers: ApiReaders) -> None:
    shop = Shop(tmp_path, readers)
    shop.weaken()
    shop.repository.write(BINARY, b"\0\1\2")
    (found,) = (await shop.reviewed())["findings"]
    shop.decide(found, ACCEPT)

    told = shop.program.run("log", "stats", "--session").out
    session = shop.as_json("log", "stats", "--session", "latest")
    account = session["session_account"]
    assert HEADLINE in told
    assert account["findings"]["by_fate"] == {"accepted": 1}
    assert account["contested"]["total"] == account["contested"]["without_ruling"] == 1
    assert account["arms"]["cross-family"]["findings"]["total"] == 1
    assert [one["path"] for one in session["account"]["entries"] if one["fate"] == "not-read"] == [
        BINARY
    ]
    texts = {}
    for name in export_formats():
        done = shop.program.run("export", "--format", name)
        assert done.code == 0, done.err
        texts[name] = done.out
    assert json.loads(texts["json"])["sessions"] == [session]
    first, *_ = map(json.loads, texts["jsonl"].splitlines())
    assert first["sessions"] == [session]
    runs = json.loads(texts["sarif"])["runs"]
    assert account in [one.get("account") for run in runs for one in _sessions(run)]
    lines = [one.strip() for one in _sections(told)]
    assert [
        f"{row['title']}: {row['claim']}"
        for row in csv.DictReader(io.StringIO(texts["csv"]))
        if row["kind"] == "session-account"
    ] == lines
    flat = {name: " ".join(text.split()) for name, text in texts.items()}
    for name in ("markdown", "html"):
        for line in ("1 finding: 1 accepted", "1 without a ruling", "not read: 1 file, 0 lines"):
            assert line in flat[name], (name, line)
    assert HEADLINE in texts["github"]
    for name in set(texts) - {"prompt"}:
        assert BINARY in texts[name], f"{name} is silent about what nobody read"
        assert WHY in texts[name], name
    assert "1 caught" not in texts["prompt"]


def _sessions(run: dict[str, Any]) -> list[dict[str, Any]]:
    """The sessions in the properties of a run of SARIF."""
    lists = [one for one in run.get("properties", {}).values() if isinstance(one, list)]
    return [one for some in lists for one in some if isinstance(one, dict)]


def _sections(told: str) -> list[str]:
    """The lines of each section of the text, as `title: line`."""
    title, found = "", list[str]()
    for line in told.splitlines()[2:]:
        if line.startswith("    "):
            found[-1] += f" {line.strip()}"
        elif line.startswith("  "):
            found.append(f"{title}: {line.strip()}")
        elif line:
            title = line
    return found
