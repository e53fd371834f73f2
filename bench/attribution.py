"""How well the authors of real commits are told, and what telling costs.

    PYTHONPATH=. python bench/attribution.py [DATA_DIR] [--wrong] [--range-cost [--commits N]]

DATA_DIR (default ../shared/data/authorship) holds `commits.jsonl`, `traps.jsonl` and
`gitai_notes.jsonl`; its README says what is in them. A commit's message is put together again from
subject, body lines and trailers. Where a label rests on a git-ai note, `label_metadata_only` is
what the rest of the commit tells, and that is what is asked for. Baselines: precision 99 % and
recall 97 % of vendors, every trap right, every note parsed, and 300 ms for 500 commits.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xreview.domain.author import MIXED, Evidence
from xreview.repo.attribution.identities import identity_evidence
from xreview.repo.attribution.message import message_evidence
from xreview.repo.history import CommitDetails, Person, trailers

DATA = Path(__file__).parents[1].parent / "shared/data/authorship"
NO_TOOL = ""
# The labels' words where they differ from the product's. "" is a label that names no tool.
VENDORS = {"alibaba-qwen": "qwen", "unknown": "", None: ""}
TOOLS = {
    "copilot-app": "copilot-cli",
    "copilot-coding-agent": "copilot-agent",
    "claude": NO_TOOL,
    "claude-suffix": NO_TOOL,
    "gemini-suffix": NO_TOOL,
    "openai": NO_TOOL,
    None: NO_TOOL,
}
NOT_AUTHORS = (
    "ai_suggestion",
    "human_via_tool",
    "human_asserted",
    "human_or_unknown",
    "bot_non_ai",
)


@dataclass(frozen=True)
class Told:
    """What the product says of a commit, in the words of the labels."""

    vendor: str
    tools: frozenset[str]
    evidence: tuple[Evidence, ...]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--wrong", action="store_true", help="list what was told wrongly")
    given = parser.parse_args()
    rows = read(given.data, "commits")
    wrong: list[str] = []
    print_table(rows, wrong)
    print_traps(read(given.data, "traps"), wrong)
    if given.wrong:
        print(*wrong, sep="\n")
    return 0


def read(folder: Path, name: str) -> list[dict]:
    """The rows of a file, whose name may have something in front or behind."""
    found = sorted(path for path in folder.glob("*.jsonl") if name in path.stem)
    if not found:
        raise SystemExit(f"{folder} has no file named like {name}.jsonl")
    return [json.loads(line) for line in found[0].read_text("utf-8").splitlines() if line.strip()]


def commit_of(row: dict) -> CommitDetails:
    """The row as a commit: body lines stand in the middle, trailers at the end."""
    parts = [row["subject"], "\n".join(row["body_ai_lines"]), "\n".join(row["trailers"])]
    message = "\n\n".join(part for part in parts if part) + "\n"
    author = Person(row["author_name"], row["author_email"], None)
    committer = Person(row["committer_name"], row["committer_email"], None)
    return CommitDetails(row.get("sha", "0" * 40), author, committer, message, trailers(message))


def told(row: dict) -> Told:
    commit = commit_of(row)
    evidence = (*identity_evidence(commit), *message_evidence(commit))
    vendors = {one.vendor for one in evidence if one.vendor}
    vendor = MIXED if len(vendors) > 1 else next(iter(vendors), "")
    return Told(vendor, frozenset(one.tool for one in evidence if one.tool), evidence)


def expected(row: dict) -> tuple[str, frozenset[str]]:
    """The vendor and the tools of a row's label; ("", ()) where no agent wrote it."""
    label = row.get("label_metadata_only") or row["label"]
    if label["kind"] != "ai":
        return "", frozenset()
    tools = (TOOLS.get(tool, tool) for tool in (label["tool"] or "").split("+"))
    return VENDORS.get(label["vendor"], label["vendor"]), frozenset(filter(None, tools))


def print_table(rows: Iterable[dict], wrong: list[str]) -> None:
    right = said = there = 0
    tools_right = tools_said = tools_there = 0
    total = 0
    for row in rows:
        total += 1
        vendor, tools = expected(row)
        answer = told(row)
        right += answer.vendor == vendor != ""
        said += answer.vendor != ""
        there += vendor != ""
        if answer.vendor != vendor:
            wrong.append(f"vendor {vendor!r} told {answer.vendor!r}: {shown(row)}")
        tools_right += len(tools & answer.tools)
        tools_there += len(tools)
        # Where the label tells a family and no tool, a tool in the same line is no mistake.
        tools_said += len(answer.tools) if tools or not vendor else len(tools & answer.tools)
        if not tools <= answer.tools or (answer.tools - tools and (tools or not vendor)):
            wrong.append(f"tools {sorted(tools)} told {sorted(answer.tools)}: {shown(row)}")
    print(f"{total} commits")
    print_line("vendor", right, said, there)
    print_line("tool", tools_right, tools_said, tools_there)


def print_line(what: str, right: int, said: int, there: int) -> None:
    print(
        f"{what:8} precision {right / max(said, 1):7.2%} ({right}/{said})   "
        f"recall {right / max(there, 1):7.2%} ({right}/{there})"
    )


def print_traps(rows: Iterable[dict], wrong: list[str]) -> None:
    results = list(judged(rows))
    for row, answer in results:
        if answer is not None:
            wrong.append(f"trap ({row['why']}): {answer.vendor!r} {sorted(answer.tools)}")
    print(f"traps    {sum(answer is None for _, answer in results)}/{len(results)}")


def judged(rows: Iterable[dict]) -> Iterator[tuple[dict, Told | None]]:
    """Each trap with None where it was told rightly, with what was told otherwise."""
    for row in rows:
        vendor, tools = expected(row)
        answer = told(row)
        yield row, None if (answer.vendor, answer.tools) == (vendor, tools) else answer


def shown(row: dict) -> str:
    lines = [*row["trailers"], *row["body_ai_lines"]]
    people = f"{row['author_name']} <{row['author_email']}> | {row['committer_name']}"
    return f"{row['sha'][:8]} {row['subject'][:50]!r} {people} {lines[:6]}"


if __name__ == "__main__":
    raise SystemExit(main())
