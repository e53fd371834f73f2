"""How well the authors of real commits are told, and what telling costs.

    PYTHONPATH=. python bench/attribution.py [DATA_DIR] [--wrong] [--range-cost [--commits N]]

DATA_DIR (default ../shared/data/authorship) holds `commits.jsonl`, `traps.jsonl` and
`gitai_notes.jsonl`; its README says what is in them. A commit's message is put together again from
subject, body lines and trailers. Where a label rests on a git-ai note, `label_metadata_only` is
what the rest of the commit tells, and that is what is asked for. Baselines: precision 99 % and
recall 97 % of vendors, every trap right, every note parsed.

--range-cost makes a repository of N commits (default 500), each of three files, half of them with
a git-ai note, and compares telling who wrote them with `git log` and `git log --numstat` of the
same range. Baseline: 300 ms more than `git log`.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.repo.builder import Builder, isolated_environment

from xreview.domain.authorship.author import MIXED, Evidence
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.repo.attribution.evidence.notes import note_evidence
from xreview.repo.attribution.gathering import evidence_in
from xreview.repo.attribution.signatures.identities import identity_evidence
from xreview.repo.attribution.signatures.message import message_evidence
from xreview.repo.change.history import CommitDetails, Person, trailers
from xreview.repo.repository import find_repository

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
    parser.add_argument("--range-cost", action="store_true", help="measure a range instead")
    parser.add_argument("--commits", type=int, default=500)
    given = parser.parse_args()
    if given.range_cost:
        print_range_cost(given.commits)
        return 0
    rows = read(given.data, "commits")
    wrong: list[str] = []
    print_table(rows, wrong)
    print_traps(read(given.data, "traps"), wrong)
    print_notes(read(given.data, "notes"), wrong)
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


def print_notes(rows: Iterable[dict], wrong: list[str]) -> None:
    """A note is parsed if every line of it whose writer it names comes out again."""
    right = total = 0
    for row in rows:
        total += 1
        evidence = note_evidence(row["commit"], row["note"].encode())
        lines = {
            (part.path, pair)
            for one in evidence or ()
            for part in one.lines
            for start, end in part.ranges
            for pair in range(start, end + 1)
        }
        if evidence is not None and lines == attested(row["note"]):
            right += 1
        else:
            wrong.append(f"note of {row['commit'][:12]} ({row['cls']}) was not read whole")
    print(f"notes    {right}/{total}")


def attested(note: str) -> set[tuple[str, int]]:
    """Every line of a known agent or person in a note, by the plainest reading of its form."""
    found: set[tuple[str, int]] = set()
    rows, _, metadata = note.partition("---\n")
    known = {
        key for part in json.loads(metadata).values() if isinstance(part, dict) for key in part
    }
    path = ""
    for row in rows.splitlines():
        if not row.startswith(" "):
            path = row.strip('"')
            continue
        key, ranges = row.split()
        if key.split("::")[0] not in known:
            continue
        for part in ranges.split(","):
            start, _, end = part.partition("-")
            found |= {(path, number) for number in range(int(start), int(end or start) + 1)}
    return found


def print_range_cost(commits: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder) / "project"
        made = make_range(top, commits)
        repository = find_repository(top)
        source = ChangeSource(ChangeKind.RANGE, "range", str(top), made[0], made[1])
        git = {"log": ["log"], "log --numstat": ["log", "--numstat"]}
        seconds: dict[str, list[float]] = {name: [] for name in (*git, "attribution")}
        for _ in range(9):
            for name, command in git.items():
                begin = time.perf_counter()
                environment = isolated_environment(Path(folder))
                subprocess.run(
                    ["git", *command, f"{made[0]}..{made[1]}"],
                    cwd=top,
                    env=environment,
                    stdout=subprocess.DEVNULL,
                    check=True,
                )
                seconds[name].append(time.perf_counter() - begin)
            begin = time.perf_counter()
            gathered = evidence_in(repository, source, time.monotonic() + 60)
            seconds["attribution"].append(time.perf_counter() - begin)
        assert len(gathered.changed_lines) == commits, gathered.notices
        print(f"{commits} commits, {len(gathered.evidence)} traces (medians of 9)")
        middle = {name: 1000 * statistics.median(all) for name, all in seconds.items()}
        for name, value in middle.items():
            ratio = middle["attribution"] / value
            print(f"{name:14} {value:7.0f} ms   attribution takes {ratio:.1f} times as long")


def make_range(top: Path, commits: int) -> tuple[str, str]:
    """A repository of so many commits on a first one; the ids of the first and the last."""
    builder = Builder(top)
    stream = "".join(commit_stream(number) for number in range(commits + 1))
    builder.git("fast-import", "--quiet", input=stream.encode())
    builder.git("reset", "--hard", "--quiet")
    ids = builder.git("rev-list", "--reverse", "main").split()
    notes = "".join(note_stream(number, id) for number, id in enumerate(ids) if number % 2)
    builder.git("fast-import", "--quiet", input=notes.encode())
    return ids[0], ids[-1]


def commit_stream(number: int) -> str:
    message = (
        f"feat: change {number}\n\n"
        + "A line of prose about it.\n" * 8
        + "\nSigned-off-by: Person <person@example.invalid>\n"
        + f"Co-Authored-By: Claude Opus {number % 9}.1 <noreply@anthropic.com>\n"
    )
    person = f"Person <person@example.invalid> {1_700_000_000 + number} +0000"
    rows = [
        "commit refs/heads/main",
        f"author {person}",
        f"committer {person}",
        f"data {len(message.encode())}",
        message,
    ]
    for part in range(3):
        content = "".join(f"line {at} {number if at % 9 == part else 0}\n" for at in range(200))
        path = f"src/{(number + part * 7) % 40}/file.py"
        rows += [f"M 100644 inline {path}", f"data {len(content)}", content]
    return "\n".join(rows) + "\n"


def note_stream(number: int, id: str) -> str:
    ranges = ",".join(f"{start}-{start + 3}" for start in range(1, 200, 8))
    note = f"src/{number % 40}/file.py\n  s_12345678901234::t_12345678901234 {ranges}\n---\n" + (
        json.dumps(
            {
                "schema_version": "authorship/3.0.0",
                "sessions": {
                    "s_12345678901234": {
                        "agent_id": {"tool": "codex", "id": "1", "model": "gpt-5.5"}
                    }
                },
            }
        )
    )
    person = f"Person <person@example.invalid> {1_700_000_000 + number} +0000"
    return (
        f"commit refs/notes/ai\ncommitter {person}\ndata 0\n"
        f"N inline {id}\ndata {len(note.encode())}\n{note}\n"
    )


def shown(row: dict) -> str:
    lines = [*row["trailers"], *row["body_ai_lines"]]
    people = f"{row['author_name']} <{row['author_email']}> | {row['committer_name']}"
    return f"{row['sha'][:8]} {row['subject'][:50]!r} {people} {lines[:6]}"


if __name__ == "__main__":
    raise SystemExit(main())
