"""A server that repeats the key it was sent: no file that the program leaves behind holds it."""

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.cli.program import Done, Program
from tests.cli.test_models import NO_KEYS
from tests.cli.test_prompt_show import configure, here
from tests.fakes.provider_server import openai as double
from tests.fakes.provider_server.reply import Answer, Reply, Request, json_reply
from tests.fakes.provider_server.server import ProviderServer
from tests.repo.builder import Builder
from tests.review.reply.answers import answer, finding
from xreview.export.format import export_formats

__all__ = ["here"]  # a fixture

KEY = "sk-live-7c51d2e84b603f9aQx"
OTHER = "Zq3R8vXk1LmT0pWd7YbN"  # known to the process, and sent to nobody
PATH = "pay.py"
CODE = "def pay(account, amount):\n    account.balance -= amount\n"


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS = {
    "as it is": f"Bearer {KEY}",
    "spaced": " ".join(KEY),
    "unseen": "\u200b".join(KEY),
    "base64": in_base64(f"Bearer {KEY}"),
    "hexadecimal": KEY.encode().hex(),
    "URL": "".join(f"%{ord(one):02x}" for one in KEY),
    "escaped": "".join(f"\\u{ord(one):04x}" for one in KEY),
    "another": OTHER,
}


def says(form: str) -> dict[str, object]:
    suggestion = {"description": f"Use {form}", "replacement": None}
    return finding(
        path=PATH,
        start_line=2,
        quote="    account.balance -= amount",
        title=f"Unchecked amount {form}",
        claim=f"The amount may be negative: {form}.",
        scenario=f"Somebody pays {form}.",
        settle=f"Ask {form}.",
        request={"direction": "add", "topic": f"checks {form}"},
        suggestion=suggestion,
    )


def left_behind(program: Program) -> dict[Path, bytes]:
    """Every file that the program wrote, and what it holds."""
    files = (path for path in program.home.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in files}


def bare(content: bytes) -> bytes:
    """What is left once nothing hides a key between its letters."""
    text = content.decode("utf-8", "replace").encode("ascii", "ignore")
    return re.sub(rb"[^a-z0-9]", b"", text.lower())


async def review(program: Program, *answers: Answer) -> Done:
    async with ProviderServer() as server:
        server.on(double.PATH, *answers)
        configure(program, server.url)
        words = ("review", "--format", "json", "--reviewer", "mine", "--author", "anthropic")
        keys = NO_KEYS | {"MY_KEY": KEY, "THEIR_TOKEN": OTHER}
        done = await asyncio.to_thread(program.run, *words, **keys)
        sent = [request.headers["authorization"] for request in server.requests]
        assert set(sent) == {f"Bearer {KEY}"}
    return done


def check(program: Program, *told: str) -> None:
    secret = {name: bare(form.encode()) for name, form in FORMS.items()}
    places = left_behind(program) | {Path(f"said {n}"): one.encode() for n, one in enumerate(told)}
    assert any(path.name == "journal.sqlite3" for path in places)
    for path, content in places.items():
        for name, form in secret.items():
            assert form not in bare(content), f"{name} in {path}"


async def test_no_file_and_no_export_holds_a_key_that_findings_repeat(
    program: Program, repository: Builder, here: Callable[..., Awaitable[Done]]
) -> None:
    repository.write(PATH, CODE)
    said = double.message(answer(*map(says, FORMS.values())))
    done = await review(program, double.response(said, model=f"gpt {FORMS['spaced']}"))
    reports = [report for one in json.loads(done.out)["findings"] for report in one["reports"]]
    masked = [one for one in reports if "***" in one["title"] + one["claim"]]
    assert len(masked) > 1, "those that say the same once a key is masked are one"
    told = [done.out, done.err]
    for format in export_formats():
        exported = await here("export", "--format", format)
        assert exported.code == 0, exported.err
        told += [exported.out, exported.err]

    assert sum("***" in one for one in told) > len(export_formats()) // 2
    check(program, *told)


def _echoing(request: Request) -> Reply:
    said = f"{'; '.join(FORMS.values())}: {dict(request.headers)}"
    return json_reply({"error": {"message": said, "code": KEY, "param": KEY}}, 400)


def _page(request: Request) -> Reply:
    headers = {"content-type": f"text/{request.headers['authorization'].split()[1]}"}
    return Reply(200, headers, (f"<h1>{request.headers['authorization']}</h1>".encode(),))


@pytest.mark.parametrize("answering", [_echoing, _page])
async def test_no_file_holds_a_key_that_an_error_repeats(
    program: Program, repository: Builder, answering: Answer
) -> None:
    repository.write(PATH, CODE)
    done = await review(program, answering)

    assert done.code == 3
    check(program, done.out, done.err)


def test_the_search_can_fail() -> None:
    assert bare(FORMS["as it is"].encode()) in bare(f"x {' '.join('Bearer ' + KEY)} y".encode())
