"""Over real histories: commit N, then each of the next ones."""

from collections.abc import Iterator

from engines import Engines
from git_trees import Git
from lines import followed
from score import Score, keyed
from sessions import Sessions

from xreview.domain.report import Report

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
