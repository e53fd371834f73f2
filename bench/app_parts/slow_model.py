"""A local model that streams findings for a while, so that keys can be pressed while it is read.

    python bench/app_parts/slow_model.py REPOSITORY

Prints its address. It is the tests' double of a model server: what it says about a file are lines
that the change really adds there, a piece each PAUSE seconds.
"""

import asyncio
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PAUSE = 0.1
PIECE = 80
"""Characters."""

FINDINGS = 60
"""For each request: they are streamed for longer than keys are pressed."""

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def slow_model(repository: Path, folder: Path) -> Generator[None]:
    """Run it; write a configuration that asks it to `folder`, for $XREVIEW_CONFIG_DIR."""
    command = [sys.executable, __file__, repository]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            place = folder / "config.toml"
            place.write_text(
                f'review_with = ["slow"]\n\n[reviewers.slow]\nprovider = "openai"\n'
                f'model = "gpt-6.2-sol"\nbase_url = "{url}/v1"\nkey_variable = "SLOW_KEY"\n'
            )
            yield
        finally:
            server.terminate()


async def serve(repository: str) -> None:
    sys.path.insert(0, str(ROOT))
    from tests.fakes.provider_server import openai
    from tests.fakes.provider_server.reply import Reply, Request, event_stream, frame
    from tests.fakes.provider_server.server import ProviderServer

    lines = added_lines(repository)

    def answer(request: Request) -> Reply:
        question = json.dumps(request.json)
        said = [finding(path, *one) for path in lines if path in question for one in lines[path]]
        text = json.dumps({"findings": said[:FINDINGS]})
        item = openai.message("@")
        events = openai.events_of([item])
        deltas = [event for event in events if event["type"].endswith("output_text.delta")]
        before = events[: events.index(deltas[0])]
        pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
        done = {"type": "response.completed", "response": openai.document([openai.message(text)])}
        return event_stream(
            [
                "".join(frame(event, event["type"]) for event in before),
                *(frame({**deltas[0], "delta": one}, deltas[0]["type"]) for one in pieces),
                frame(done, ""),
            ]
        ).changed(pause=PAUSE)

    async with ProviderServer() as server:
        server.on(openai.PATH, answer)
        print(server.url, flush=True)
        await asyncio.Event().wait()


def added_lines(repository: str) -> dict[str, list[tuple[int, str]]]:
    command = ["git", "-C", repository, "diff", "--no-color", "-U0", "main"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, errors="replace")
    lines: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    path, number = "", 0
    for line in done.stdout.splitlines():
        if line.startswith("+++ b/"):
            path = line.removeprefix("+++ b/")
        elif line.startswith("@@"):
            number = int(line.split("+")[1].split(" ")[0].split(",")[0])
        elif line.startswith("+"):
            if line[1:].strip():
                lines[path].append((number, line[1:]))
            number += 1
    return lines


def finding(path: str, number: int, quote: str) -> dict[str, Any]:
    return {
        "path": path,
        "side": "new",
        "start_line": number,
        "quote": quote,
        "title": f"Line {number} is never read",
        "claim": f"What line {number} of {path} makes is never read again.",
        "scenario": "",
        "settle": "",
        "category": "edge-case",
        "severity": "low",
        "confidence": "low",
        "request": None,
        "suggestion": None,
    }


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
