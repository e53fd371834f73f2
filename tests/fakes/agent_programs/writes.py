#!/usr/bin/env python3
"""Plays Claude Code, Codex, Gemini CLI or opencode, as its first argument says, and writes an
attempt, describes one, reviews one, or answers a review, as it is asked.

Each program has a folder `HOME/<name>`. `script.json` there is what it does and says:

    plan       a shell script to write with, in the folder of the attempt
    statement  what it says of its attempt; null for nothing
    findings   of a review, by a text that the prompt must contain; "" for any
    stances    its answer to a review
    says       printed raw instead of an answer when it writes. complains: to standard error
    exit       its status after writing

Files in `HOME/<name>/turns` are scripts too, for one attempt each, in the order of their names; the
last of all is `script.json` again. What it was asked is kept in `asked.jsonl`.
"""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

VERSIONS = {"claude": "2.1.332", "codex": "0.171.0", "gemini": "0.61.0", "opencode": "1.18.33"}


def main(name: str) -> int:
    if "--version" in sys.argv:
        print(VERSIONS[name])
        return 0
    if "sandbox" in sys.argv:  # Codex's is tried before anything is sent
        return 0
    prompt = sys.stdin.read()
    home = Path(os.environ["HOME"], name)
    script: dict[str, Any] = json.loads((home / "script.json").read_text())
    asked = f"{prompt}\n{schema()}"
    if is_writing := "Your answer\n" in prompt and "You solve a task" in f"{prompt}{system()}":
        script |= turn_of(home)
        role, answer = "write", {"statement": script.get("statement")}
    elif "left_out" in asked:
        role, answer = "describe", {"statement": script.get("description")}
    elif '"stance"' in asked:
        role, answer = "rebut", {"findings": script.get("stances", [])}
    else:
        found = script.get("findings", {})
        about = [one for words, said in found.items() if words in prompt for one in said]
        role, answer = "review", {"findings": about}
    kept = {"role": role, "folder": str(Path.cwd()), "prompt": prompt, "arguments": sys.argv[1:]}
    with (home / "asked.jsonl").open("a") as log:
        log.write(json.dumps(kept) + "\n")
    if is_writing:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        subprocess.run(["/bin/sh", "-c", script.get("plan", "true")], **quiet)
        sys.stderr.write(script.get("complains", ""))
        sys.stderr.flush()
        if "says" in script:
            print(script["says"], flush=True)
            return int(script.get("exit", 0))
    for event in EVENTS[name](json.dumps(answer)):
        print(json.dumps(event), flush=True)
    return int(script.get("exit", 0)) if is_writing else 0


def turn_of(home: Path) -> dict[str, Any]:
    """The next script that no other process of this program took."""
    for turn in sorted((home / "turns").glob("*.json")):
        taken = home / "taken" / turn.name
        taken.parent.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            turn.rename(taken)
            return json.loads(taken.read_text())
    return {}


def schema() -> str:
    for option in ("--json-schema", "--output-schema"):
        if option in sys.argv:
            given = sys.argv[sys.argv.index(option) + 1]
            return given if option == "--json-schema" else Path(given).read_text()
    return ""


def system() -> str:
    if "--system-prompt-file" in sys.argv:
        return Path(sys.argv[sys.argv.index("--system-prompt-file") + 1]).read_text()
    return ""


def claude(said: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "result",
            "subtype": "success",
            "is_error": False,
            "result": "",
            "structured_output": json.loads(said),
            "usage": {"input_tokens": 1_000, "output_tokens": 200},
            "total_cost_usd": 0.05,
        }
    ]


def codex(said: str) -> list[dict[str, Any]]:
    usage = {"input_tokens": 1_000, "cached_input_tokens": 0, "output_tokens": 200}
    return [
        {"type": "thread.started", "thread_id": "1"},
        {"type": "turn.started"},
        {"type": "item.completed", "item": {"id": "1", "type": "agent_message", "text": said}},
        {"type": "turn.completed", "usage": usage},
    ]


def gemini(said: str) -> list[dict[str, Any]]:
    stats = {"total_tokens": 1_200, "input_tokens": 1_000, "output_tokens": 200, "cached": 0}
    return [
        {"type": "init", "session_id": "1", "model": "gemini-3-pro"},
        {"type": "message", "role": "assistant", "content": said, "delta": True},
        {"type": "result", "status": "success", "stats": stats},
    ]


def opencode(said: str) -> list[dict[str, Any]]:
    tokens = {"input": 1_000, "output": 200, "reasoning": 0, "cache": {"read": 0, "write": 0}}
    return [
        {"type": "step_start", "part": {}},
        {"type": "text", "part": {"text": said}},
        {"type": "step_finish", "part": {"reason": "stop", "cost": 0.01, "tokens": tokens}},
    ]


EVENTS = {"claude": claude, "codex": codex, "gemini": gemini, "opencode": opencode}

if __name__ == "__main__":
    sys.exit(main(sys.argv.pop(1)))
