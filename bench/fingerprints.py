"""How many unchanged problems keep their identity, and how many others are taken for them.

    python bench/fingerprints.py REPOSITORY... [--windows N] [--steps N] [--edits N]

For each repository: `--windows` times, the embedded engines review commit N whole, then each of the
next `--steps` commits (those that touch reviewable files, first parents only), carrying over from
one to the next. What should keep its identity is known from elsewhere: lines are followed through
the hunks of `git diff -w -M`. Then `--edits` files of the last commit are edited by hand, so to
say: moves, new blocks around, twins put before, which a history has too few of.

"own" is the fingerprint alone, "carried" with the carry-over. Baseline: 95 % kept, 1 % merged; the
exit code says whether both are met.
"""

import argparse
import asyncio
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from xreview.domain.anchor import NO_CONTEXT, Context, normalised
from xreview.domain.carry_over import Carried
from xreview.domain.change import Change, ChangeKind, ChangeSource, FileDiff, FileStatus, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.event import Event, ReportReceived
from xreview.domain.file_text import FileText
from xreview.domain.history import history_of
from xreview.domain.report import Report
from xreview.review.carry import CarryOver, fix_events
from xreview.review.ground import Grounding
from xreview.reviewers.embedded import engines, plan, wire
from xreview.reviewers.embedded.analysis import analyse
from xreview.reviewers.embedded.linters import Enforced
from xreview.reviewers.embedded.source import OutOfDateError, Source

KEPT, MERGED = 0.95, 0.01
Tree = dict[str, str]  # blob ids by path


class Git:
    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, *words: str) -> bytes:
        command = ["git", "-C", self.folder, "-c", "core.quotepath=off", *words]
        return subprocess.run(command, check=True, capture_output=True).stdout

    def commits(self, most: int) -> list[str]:
        endings = [f"*.{ending}" for ending in plan.LANGUAGES]
        words = ("log", "--first-parent", "--no-patch", f"-{most}", "--format=%H")
        return self(*words, "--", *endings).decode().split()[::-1]

    @cache  # noqa: B019 - lives as long as the program
    def tree(self, commit: str) -> Tree:
        rows = self("ls-tree", "-r", "-z", commit).decode("utf-8", "replace").split("\0")[:-1]
        found = {}
        for row in rows:
            (mode, _, blob), path = row.partition("\t")[0].split(), row.partition("\t")[2]
            file = FileDiff(path, FileStatus.ADDED, new_mode=mode, body=b"@")
            if mode.startswith("100") and plan.skip(file) is None:
                found[path] = blob
        return found

    @cache  # noqa: B019 - lives as long as the program
    def blob(self, id: str) -> bytes:
        return self("cat-file", "blob", id)


@dataclass
class Engines:
    """What the analysers say about a whole file, asked once for each content."""

    seen: dict[tuple[bytes, str | None, bool], list[Report]] = field(default_factory=dict)

    def reports(self, path: str, content: bytes) -> list[Report]:
        key = (content, plan.language_of(path), plan.is_test(path))
        if key not in self.seen:
            self.seen[key] = list(self._asked(path, content))
        return [replace(one, anchor=replace(one.anchor, path=path)) for one in self.seen[key]]

    def _asked(self, path: str, content: bytes) -> Iterator[Report]:
        if not content or plan.skip_content(content) is not None:
            return
        rows = content.removesuffix(b"\n").split(b"\n")
        body = b"@@ -0,0 +1,%d @@\n" % len(rows) + b"".join(b"+" + row + b"\n" for row in rows)
        language = plan.language_of(path) or ""
        source = Source.of(language, content, body, is_test=plan.is_test(path))
        try:
            found = analyse(source, Enforced())
        except OutOfDateError:
            return
        file = FileDiff(path, FileStatus.ADDED, new_mode="100644", body=body)
        grounding = Grounding(
            Change(ChangeSource(ChangeKind.COMMIT, "", ""), (file,)), _Given(content)
        )
        for problem in found.problems:
            lens, raw = wire.decode(wire.encode(problem), path, engines.versions())
            yield asyncio.run(grounding.check(raw, lens))


class _Given:
    def __init__(self, content: bytes) -> None:
        self.content = content

    async def read(self, file: FileDiff, side: Side) -> bytes:
        return self.content


class Sessions:
    """One review after the other over whole trees, each carrying over from those before."""

    def __init__(self, *, with_context: bool) -> None:
        self.events: list[Event] = []
        self.number = 0
        self.with_context = with_context

    def review(self, files: dict[str, bytes], reports: Iterable[Report]) -> list[Carried]:
        self.number += 1
        history = history_of(self.events)
        carry = CarryOver(history, session=str(self.number), today="2026-01-01")
        reports = list(reports)
        self._give(carry, carry.needs(reports), files)
        taken = list(carry.take(reports))
        coverage = [
            CoverageEntry(name, path, Reading.READ)
            for name in ("risk", "economy")
            for path in files
        ]
        self._give(carry, carry.needs_at_end(coverage), files)
        fixed = carry.settle(coverage, lambda path: (range(1, 10**9),))
        self.events += [self._event(ReportReceived(self._stored(one.report))) for one in taken]
        self.events += fix_events(fixed, self._event)
        return taken

    def _give(self, carry: CarryOver, paths: Iterable[str], files: dict[str, bytes]) -> None:
        for path in paths:
            content = files.get(path)
            text = None if content is None else content.decode("utf-8", "surrogateescape")
            carry.give(path, text)

    def _stored(self, report: Report) -> Report:
        context: Context = report.anchor.context if self.with_context else NO_CONTEXT
        return replace(report, anchor=replace(report.anchor, context=context))

    def _event(self, payload) -> Event:
        return Event(str(len(self.events)), str(self.number), "", "", "", payload)


@dataclass(frozen=True)
class Lines:
    """Where the lines of one state of the files are in another."""

    paths: dict[str, str]
    changed: dict[str, list[tuple[int, int, int]]]  # old start, old count, shift after it

    def place(self, path: str, start: int, end: int) -> tuple[str, int] | None:
        """The new place of lines that stayed as they were and together; None for others."""
        new = self.paths.get(path)
        if new is None:
            return None
        shift = 0
        for old, count, by in self.changed.get(path, ()):
            if count and old <= end and start <= old + count - 1:
                return None
            if not count and start <= old < end:
                return None
            if old + count - 1 < start if count else old < start:
                shift += by
        return new, start + shift


def followed(git: Git, old: str, new: str) -> Lines:
    text = git("diff", "-w", "-M", "--no-color", "--no-ext-diff", "-U0", old, new, "--").decode(
        "utf-8", "replace"
    )
    paths = {path: path for path in git.tree(old)}
    changed: dict[str, list[tuple[int, int, int]]] = {}
    source = ""
    for row in text.split("\n"):
        if match := re.match(r"diff --git a/(.*) b/", row):
            source = match[1]
        elif row.startswith("rename from "):
            source = row.removeprefix("rename from ")
        elif row.startswith("rename to "):
            paths[source] = row.removeprefix("rename to ")
        elif row.startswith("deleted file mode"):
            paths.pop(source, None)
        elif match := re.match(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@", row):
            removed, added = (1 if match[n] is None else int(match[n]) for n in (2, 3))
            changed.setdefault(source, []).append((int(match[1]), removed, added - removed))
    return Lines(paths, changed)


@dataclass
class Score:
    """Kept and lost by kind of edit, merged and not provable, for one way to identify."""

    kept: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    carried: int = 0
    merged: int = 0
    moved: int = 0
    collided: int = 0
    identities: int = 0
    examples: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Score") -> "Score":
        self.kept += other.kept
        self.lost += other.lost
        for name in ("carried", "merged", "moved", "collided", "identities"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.examples += other.examples
        return self

    def compare(
        self,
        before: dict[tuple[str, int, str], tuple[str, Report]],
        now: dict[tuple[str, int, str], tuple[str, Report]],
        lines: Lines,
        kinds,
    ) -> None:
        places: dict[str, tuple[str, int, str]] = {}
        expected: dict[tuple[str, int, str], tuple[str, int, str]] = {}
        for key, (identity, report) in before.items():
            places[identity] = key
            found = lines.place(key[0], report.anchor.start_line, report.anchor.end_line)
            if found is not None:
                expected[key] = (*found, key[2])
        for key, wanted in expected.items():
            if wanted not in now:
                continue
            (identity, report), (new_identity, new) = before[key], now[wanted]
            if normalised(report.anchor.quote) != normalised(new.anchor.quote):
                continue
            for kind in kinds(report, new):
                (self.kept if identity == new_identity else self.lost)[kind] += 1
            if identity != new_identity:
                self.examples.append(f"lost {key} → {wanted}: {report.anchor.quote[:70]!r}")
        taken = Counter(identity for identity, _ in now.values())
        self.identities += len(now)
        self.collided += sum(count - 1 for count in taken.values())
        for key, (identity, report) in now.items():
            if (origin := places.get(identity)) is None:
                continue
            self.carried += 1
            if expected.get(origin) == key:
                continue
            if origin in expected and expected[origin] in now:
                self.merged += 1
                self.examples.append(f"merged {origin} → {key}: {report.anchor.quote[:70]!r}")
            elif origin in expected:
                self.merged += 1
                self.examples.append(f"merged* {origin} → {key}: {report.anchor.quote[:70]!r}")
            else:
                self.moved += 1

    def share(self, *kinds: str) -> float:
        kept, lost = (sum(counter[kind] for kind in kinds) for counter in (self.kept, self.lost))
        return kept / (kept + lost) if kept + lost else 1.0

    @property
    def merged_share(self) -> float:
        return (self.merged + self.collided) / max(1, self.carried)


TOUCHED = "files that changed, all"


def kinds_in_history(report: Report, new: Report, is_same: bool) -> Iterator[str]:
    if is_same:
        yield "files that did not change"
        return
    yield TOUCHED
    old_anchor, anchor = report.anchor, new.anchor
    if old_anchor.path != anchor.path:
        yield "file renamed"
    if old_anchor.quote != anchor.quote:
        yield "re-indented"
    moved = old_anchor.start_line != anchor.start_line
    yield "edited above" if moved else "edited below"
    if old_anchor.context.outline != anchor.context.outline:
        yield "block renamed or put around"
    elif report.fingerprint != new.fingerprint:
        yield "twin came or went before"
    if (old_anchor.context.before, old_anchor.context.after) != (
        anchor.context.before,
        anchor.context.after,
    ):
        yield "lines next to it changed"


def keyed(taken: list[tuple[str, Report]]) -> dict[tuple[str, int, str], tuple[str, Report]]:
    return {
        (report.anchor.path, report.anchor.start_line, report.rule): (identity, report)
        for identity, report in taken
    }


def over_history(
    git: Git, asked: Engines, windows: int, steps: int, *, with_context: bool
) -> tuple[Score, Score, int, int]:
    commits = git.commits(4000)
    own, carried = Score(), Score()
    count = min(windows, max(1, len(commits) // (steps + 1)))
    used = reports_seen = 0
    for number in range(count):
        start = (len(commits) - steps - 1) * number // max(1, count - 1) if count > 1 else 0
        window = commits[max(0, start) : max(0, start) + steps + 1]
        sessions = Sessions(with_context=with_context)
        first: list[dict] = []
        for commit in window:
            tree = git.tree(commit)
            files = {path: git.blob(blob) for path, blob in tree.items()}
            reports = [one for path in files for one in asked.reports(path, files[path])]
            taken = sessions.review(files, reports)
            used += 1
            reports_seen += len(reports)
            states = [
                keyed([(one.own, report) for one, report in zip(taken, reports, strict=True)]),
                keyed(
                    [(one.report.fingerprint, raw) for one, raw in zip(taken, reports, strict=True)]
                ),
            ]
            if not first:
                first, base = states, commit
                continue
            lines = followed(git, base, commit)
            old_tree = git.tree(base)

            def kinds(report: Report, new: Report, old_tree=old_tree, tree=tree):
                same = old_tree[report.anchor.path] == tree[new.anchor.path]
                return kinds_in_history(report, new, same and report.anchor.path == new.anchor.path)

            for score, before, now in zip((own, carried), first, states, strict=True):
                score.compare(before, now, lines, kinds)
    return own, carried, used, reports_seen


Edit = tuple[str, str, list[str], dict[int, int], str]  # kind, new path, rows, old line → new


def edits(path: str, rows: list[str], reports: list[Report]) -> Iterator[Edit]:
    """The file edited in each of several ways, and where its lines went."""
    same = {line: line for line in range(1, len(rows) + 1)}
    comment = "#" if path.endswith((".py", ".rb")) else "//"
    is_python = path.endswith(".py")
    header = [f"{comment} edited {n}" for n in range(7)]
    yield "edited above", path, header + rows, {line: line + 7 for line in same}, ""
    yield "edited below", path, rows + header, same, ""
    folder, _, name = path.rpartition("/")
    yield "file renamed", f"{folder or 'lib'}/renamed_{name}", rows, same, ""
    indented = [re.sub(r"^[ \t]+", lambda match: match[0] * 2, row) for row in rows]
    yield "re-indented", path, indented, same, ""
    chunks = list(_chunks(rows))
    if len(chunks) > 2:
        order = [chunks[0], *reversed(chunks[1:])]
        lines = [line for chunk in order for line in chunk]
        moved = {old: new for new, old in enumerate(lines, start=1)}
        yield "moved in the file", path, [rows[line - 1] for line in lines], moved, ""
    renamed = [re.sub(r"\b(def|class|function|func) (\w+)", r"\1 \2_renamed", row) for row in rows]
    yield "block renamed", path, renamed, same, ""
    if is_python and len(chunks) > 1:
        wrapped: list[str] = []
        where: dict[int, int] = {}
        for chunk in chunks:
            wrapped.append("class Around:" if chunk is not chunks[0] else "if True:")
            for line in chunk:
                wrapped.append(f"    {rows[line - 1]}" if rows[line - 1].strip() else "")
                where[line] = len(wrapped)
        yield "block put around", path, wrapped, where, ""
    for report in reports[:4]:
        twin = _with_twin(rows, report)
        if twin is not None:
            yield "twin put before", path, twin[0], twin[1], ""


def _chunks(rows: list[str]) -> Iterator[list[int]]:
    """Runs of lines that begin at the left margin with a definition."""
    chunk: list[int] = []
    start = re.compile(r"(?:@|def |async def |class |function |func |exports\.|module\.)")
    decorated = False
    for number, row in enumerate(rows, start=1):
        if start.match(row) and not decorated and chunk:
            yield chunk
            chunk = []
        if row and not row[0].isspace():
            decorated = row.startswith("@")
        chunk.append(number)
    if chunk:
        yield chunk


def _with_twin(rows: list[str], report: Report) -> tuple[list[str], dict[int, int]] | None:
    """The quoted code once more, as the first thing in the block around it."""
    anchor = report.anchor
    block = FileText("\n".join(rows)).outline.block(anchor.start_line, anchor.end_line)
    if block.start >= anchor.start_line - 1:
        return None
    depth = len(rows[block.start]) - len(rows[block.start].lstrip())
    quoted = rows[anchor.start_line - 1 : anchor.end_line]
    margin = len(quoted[0]) - len(quoted[0].lstrip())
    copy = [" " * depth + row[margin:] for row in quoted]
    at = block.start
    new = [*rows[:at], *copy, " " * depth + "unrelated = compute(7)", *rows[at:]]
    extra = len(copy) + 1
    return new, {n: n if n <= at else n + extra for n in range(1, len(rows) + 1)}


class _Moved(Lines):
    """Lines that went where a map says."""

    def __init__(self, old: str, new: str, where: dict[int, int]) -> None:
        super().__init__({old: new}, {})
        object.__setattr__(self, "where", where)

    def place(self, path: str, start: int, end: int) -> tuple[str, int] | None:
        news = [self.where.get(line) for line in range(start, end + 1)]
        if None in news or news != list(range(news[0], news[0] + len(news))):
            return None
        return self.paths[path], news[0]


def over_edits(git: Git, asked: Engines, most: int, *, with_context: bool) -> tuple[Score, Score]:
    own, carried = Score(), Score()
    tree = git.tree(git("rev-parse", "HEAD").decode().strip())
    edited = 0
    for path, blob in tree.items():
        content = git.blob(blob)
        reports = asked.reports(path, content)
        if not reports or edited >= most:
            continue
        edited += 1
        rows = content.decode("utf-8", "surrogateescape").split("\n")
        for kind, new_path, new_rows, where, _ in edits(path, rows, reports):
            new_content = "\n".join(new_rows).encode("utf-8", "surrogateescape")
            sessions = Sessions(with_context=with_context)
            first = sessions.review({path: content}, reports)
            new_reports = asked.reports(new_path, new_content)
            taken = sessions.review({new_path: new_content}, new_reports)
            lines = _Moved(path, new_path, where)
            for score, befores, nows in (
                (own, [one.own for one in first], [one.own for one in taken]),
                (
                    carried,
                    [one.report.fingerprint for one in first],
                    [one.report.fingerprint for one in taken],
                ),
            ):
                score.compare(
                    keyed(list(zip(befores, reports, strict=True))),
                    keyed(list(zip(nows, new_reports, strict=True))),
                    lines,
                    lambda report, new, kind=kind: (kind,),
                )
    return own, carried


def show(title: str, own: Score, carried: Score, examples: int) -> None:
    print(f"\n{title}")
    print(f"  {'kind of edit':<30}{'pairs':>8}{'own':>9}{'carried':>9}")
    for kind in sorted(carried.kept.keys() | carried.lost.keys()):
        pairs = carried.kept[kind] + carried.lost[kind]
        print(f"  {kind:<30}{pairs:>8}{own.share(kind):>9.2%}{carried.share(kind):>9.2%}")
    for name, score in (("own", own), ("carried", carried)):
        print(
            f"  {name}: of {score.carried} identities found again {score.merged} are another "
            f"problem's, and {score.collided} of {score.identities} problems share one with "
            f"another: {score.merged_share:.2%} merged; {score.moved} found again in lines that "
            "git calls new"
        )
    for example in carried.examples[:examples]:
        print("   ", example)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repositories", nargs="+")
    parser.add_argument("--windows", type=int, default=6)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--examples", type=int, default=0)
    parser.add_argument(
        "--without-context", action="store_true", help="as with a journal that keeps none"
    )
    given = parser.parse_args()
    kept_all, edits_all = (Score(), Score()), (Score(), Score())
    with_context = not given.without_context
    asked = Engines()
    for repository in given.repositories:
        git = Git(repository)
        own, carried, commits, reports = over_history(
            git, asked, given.windows, given.steps, with_context=with_context
        )
        title = f"{repository}: {commits} commits reviewed, {reports} reports"
        show(title, own, carried, given.examples)
        own_edits, carried_edits = over_edits(git, asked, given.edits, with_context=with_context)
        show(
            f"{repository}: edits of files of the last commit",
            own_edits,
            carried_edits,
            given.examples,
        )
        for totals, scores in ((kept_all, (own, carried)), (edits_all, (own_edits, carried_edits))):
            for total, score in zip(totals, scores, strict=True):
                total += score
    show("ALL, over histories", *kept_all, 0)
    show("ALL, edits", *edits_all, 0)
    missed = [
        f"{kind}: {score.share(kind):.2%} kept"
        for score, kinds in (
            (kept_all[1], [TOUCHED]),
            (edits_all[1], list(edits_all[1].kept.keys() | edits_all[1].lost.keys())),
        )
        for kind in kinds
        if score.share(kind) < KEPT
    ] + [
        f"{score.merged_share:.2%} merged"
        for score in (kept_all[1], edits_all[1])
        if score.merged_share > MERGED
    ]
    print("\naims met" if not missed else "\naims missed: " + "; ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
