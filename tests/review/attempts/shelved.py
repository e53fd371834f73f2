"""A trial on the shelf and in the journal, as a program that ended left it."""

from collections.abc import Mapping
from pathlib import Path

from tests.repo.builder import Builder
from tests.repo.disposable.trees import write
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.attempt.seat import Seat
from xreview.domain.events.attempt_events import AttemptWritten, TrialStarted
from xreview.domain.events.event import Event, Payload
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.journal.store import Journal
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.surroundings import new_id, now

TRIAL = "0123456789abcdef"
TASK = "Sum up the prices.\n\nThey are in cents."
CLAUDE = ReviewerIdentity("claude", ReviewerKind.AGENT, "anthropic", "claude-opus-5-5")
GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")


def run_options(folder: Path) -> RunOptions:
    folders = Folders(folder / "config", folder, folder / "cache", folder / "state")
    return RunOptions(Settings(), folders, {})


def told(project: Builder, options: RunOptions, *payloads: Payload) -> None:
    repository = find_repository(project.top)
    with Journal.open(options.journal) as journal:
        journal.append(
            Event(new_id(), TRIAL, repository.identity, now(), repository.actor, one)
            for one in payloads
        )


def shelve(
    project: Builder,
    options: RunOptions,
    attempts: Mapping[str, Mapping[str, str | bytes] | None],
) -> dict[str, DisposableTree]:
    """Write a trial with these attempts by label, the first by gpt and the others by claude; None
    is still being written."""
    repository = find_repository(project.top)
    trees: dict[str, DisposableTree] = {}
    seats = tuple(Seat(label, CLAUDE if at else GPT) for at, label in enumerate(attempts))
    written: list[Payload] = []
    for label, files in attempts.items():
        folder = options.folders.state / "attempts" / f"{TRIAL}-{label}"
        tree = trees[label] = DisposableTree.create(repository, folder)
        if files is None:
            continue
        for path, content in files.items():
            write(tree, path, content)
        patch = tree.patch()
        after = patch.tree if patch.files else ""
        written.append(AttemptWritten(TRIAL, label, after, 0.1, 2.0))
    base = next(iter(trees.values())).base
    begun = TrialStarted(TRIAL, TASK, "other", base, "", (), "", seats, "deep: by default")
    told(project, options, begun, *written)
    return trees
