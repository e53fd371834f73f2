"""The two-week experiment on any repository: same commits, same-family against cross-family review.

    python bench/experiment.py REPOSITORY [--since DATE | --commits A..B] [--most N] [--author NAME]
        [--same NAME] [--cross NAME] [--budget DOLLARS] [--dry-run] [--yes] [--resume] [--json]

Each commit is reviewed twice by the program's own `review`, with separate journals and caches: once
by a reviewer of the author's family, once by one of another family. What is known to be wrong comes
from later fixes and reverts (as `log outcomes` reads them), from `log missed`, and from accepted
findings. See docs/experiment.md for what the table can say and what it can't.

Exit code 0 for a table of all commits, 2 for wrong usage, 3 if a commit lacks an arm or the budget
was used up, 130 if interrupted.
"""

import argparse
import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from experiment_parts.arms import ArmRoom
from experiment_parts.commits import CommitWish, Sample, sample_commits
from experiment_parts.counting import ARMS, ProblemSource, independent
from experiment_parts.plan import (
    Plan,
    PlannedReview,
    choose_readers,
    plan_reviews,
    readers,
    settings_of,
)
from experiment_parts.record import Experiment, result_of
from experiment_parts.table import result_json, result_text
from experiment_parts.truth import SHIPPED_AFTER

from xreview.cli.sessions import since_moment
from xreview.cli.table import Column, table
from xreview.config.paths import folders
from xreview.domain.authorship.author_answer import FAMILIES, parse_answer
from xreview.domain.errors import ExitCode, UsageError, XReviewError
from xreview.domain.scorecard.scored import Arm
from xreview.domain.text import count_of, visible
from xreview.repo.repository import Repository, find_repository

_ARM_NAMES = {Arm.SAME_FAMILY: "same", Arm.CROSS_FAMILY: "cross"}


def main(words: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(words)
    try:
        return _run(given)
    except XReviewError as error:
        print(f"experiment: {visible(str(error))}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"experiment: {visible(str(error))}", file=sys.stderr)
        return ExitCode.INCOMPLETE
    except KeyboardInterrupt:
        print("Interrupted. Go on with --resume.", file=sys.stderr)
        return ExitCode.INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("repository", type=Path)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--since", metavar="DATE", help="commits since then (2026-01-31)")
    which.add_argument("--commits", metavar="A..B", default="", help="the commits of a range")
    parser.add_argument("--most", type=int, default=20, help="commits (default: %(default)s)")
    parser.add_argument(
        "--author", metavar="NAME", default="", help="the family that wrote them all"
    )
    parser.add_argument(
        "--same", metavar="NAME", default="", help="reviewer of the author's family"
    )
    parser.add_argument("--cross", metavar="NAME", default="", help="reviewer of another family")
    parser.add_argument(
        "--budget",
        metavar="DOLLARS",
        type=float,
        default=5.0,
        help="for all (default: %(default)s)",
    )
    parser.add_argument(
        "--shipped-after", metavar="DAYS", type=int, default=SHIPPED_AFTER,
        help="without tags, a problem that lived so long has shipped (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--folder", type=Path, help="where the arms keep their journals")
    parser.add_argument("--dry-run", action="store_true", help="only say what it would cost")
    parser.add_argument("--yes", action="store_true", help="send the code and spend without asking")
    parser.add_argument("--resume", action="store_true", help="go on where it stopped")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _run(given: argparse.Namespace) -> int:
    if given.most < 1 or not 0 < given.budget <= 1000:
        raise UsageError("--most must be at least 1, --budget above 0 and at most 1000 dollars.")
    experiment = _experiment(given)
    if not experiment.sample.commits:
        said = (
            f"No commit by {experiment.author} found; {experiment.sample.passed_over} passed over."
        )
        raise UsageError(said, "Name their author with --author, or other commits.")
    plan = plan_reviews(
        experiment.repository.folder,
        experiment.sample.commits,
        [experiment.rooms[arm] for arm in ARMS],
        experiment.places,
        _progress,
    )
    _progress("")
    print(plan_text(experiment, plan), file=sys.stderr)
    if given.dry_run:
        return ExitCode.DONE
    if plan.reviews:
        _refuse_unless_agreed(given, plan)
        _review_all(experiment, plan)
    result = result_of(experiment)
    if given.json:
        print(json.dumps(result_json(result), indent=2))
    else:
        print(result_text(result))
    return ExitCode.INCOMPLETE if result.unpaired else ExitCode.DONE


def _experiment(given: argparse.Namespace) -> Experiment:
    repository = find_repository(given.repository.absolute())
    places = folders(os.environ)
    settings = settings_of(places)
    candidates = readers(places, settings, repository.folder)
    author = parse_answer(given.author).vendor if given.author else ""
    if given.author and author not in FAMILIES:
        raise UsageError(f"--author: “{given.author}” is no model family.", "Name a family.")
    if not author and given.same:
        author = next((one.vendor for one in candidates if one.name == given.same), "")
    since = since_moment(given.since) if given.since else ""
    wish = CommitWish(given.commits, since, given.most, author, bool(given.author))
    sample = sample_commits(repository, wish, places, _progress)
    if not author and sample.commits:
        author = Counter(one.family for one in sample.commits).most_common(1)[0][0]
        mine = tuple(one for one in sample.commits if one.family == author)
        others = len(sample.commits) - len(mine)
        sample = Sample(mine, sample.head, sample.passed_over + others)
    same, cross = choose_readers(candidates, author, given.same, given.cross)
    chosen = dict(zip(ARMS, (same, cross), strict=True))
    folder = given.folder or places.data / "experiments" / _name(repository)
    terms = [repository.identity, author, same.name, cross.name]
    _claim(folder, terms, is_resumed=given.resume or given.dry_run, is_kept=not given.dry_run)
    rooms = {
        arm: ArmRoom(arm, one.name, folder / _ARM_NAMES[arm], places, repository.folder)
        for arm, one in chosen.items()
    }
    return Experiment(
        repository, places, sample, author, chosen, rooms, given.budget, settings.budget,
        given.shipped_after,
    )  # fmt: skip


def _name(repository: Repository) -> str:
    digest = hashlib.sha256(os.fsencode(repository.identity)).hexdigest()[:12]
    return f"{Path(repository.folder).name}-{digest}"


def _claim(folder: Path, terms: list[str], *, is_resumed: bool, is_kept: bool) -> None:
    """Keep what the folder is for, so that results of different arms never mix."""
    path = folder / "experiment.json"
    if not path.exists():
        if is_kept:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(terms), "utf-8")
        return
    try:
        known = json.loads(path.read_text("utf-8"))
    except ValueError:
        known = None
    if known != terms:
        raise UsageError(
            f"{folder} has an experiment with another repository, author or reviewers.",
            "Name another one with --folder.",
        )
    if not is_resumed and any(folder.glob("*/reviews/*.json")):
        raise UsageError(
            f"{folder} has results already.", "Use them with --resume, or name another --folder."
        )


def plan_text(experiment: Experiment, plan: Plan) -> str:
    """What will be sent, to whom, at which price, and what the table could say at best."""
    truth = experiment.truth({})
    mine = independent(truth.problems)
    by_source = Counter(one.source for one in truth.problems)
    told = ", ".join(f"{by_source[one]} {one}" for one in ProblemSource if by_source[one])
    rows = [
        _plan_row(
            f"{_ARM_NAMES[arm]}: {experiment.readers[arm].name}",
            plan.of(arm),
            plan.hosts.get(arm, ""),
        )
        for arm in ARMS
    ]
    columns = (
        Column("ARM"),
        Column("REQUESTS", is_number=True),
        Column("TOKENS", is_number=True),
        Column("DOLLARS AT MOST", is_number=True),
        Column("TO"),
    )
    commits = experiment.sample.commits
    lines = [
        f"{count_of(len(commits), 'commit')} by {experiment.author} "
        f"({experiment.sample.passed_over} by others passed over), "
        f"{count_of(len(mine), 'known problem')}" + (f" ({told})" if told else ""),
        *(f"  {one.id[:10]} {visible(one.subject)[:70]}" for one in commits),
        table(columns, [*rows, _plan_row("both", plan.whole, "")]),
        "That is for first answers. Files that models read themselves and rebuttals come on top. "
        f"Hard limits: ${experiment.most_each:.2f} for a review, "
        f"${experiment.budget:.2f} for all, of which ${experiment.spent():.2f} are spent.",
    ]
    return "\n".join(lines)


def _plan_row(name: str, planned: PlannedReview, host: str) -> tuple[str, ...]:
    dollars = "unknown" if planned.at_most is None else f"{planned.at_most:.2f}"
    return (name, f"{planned.requests:,}", f"{planned.tokens:,}", dollars, host)


def _refuse_unless_agreed(given: argparse.Namespace, plan: Plan) -> None:
    if plan.whole.at_most is None:
        raise UsageError(
            "A price is unknown, so the budget can't be kept.",
            "Add the model to prices.toml in your configuration folder.",
        )
    if given.yes:
        return
    hosts = " and ".join(dict.fromkeys(filter(None, plan.hosts.values())))
    if not sys.stdin.isatty():
        raise UsageError(f"This sends code to {hosts} and costs money.", "Agree with --yes.")
    print(
        f"Send the code of these commits to {visible(hosts)} and spend? [y/N] ",
        end="",
        file=sys.stderr,
    )
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError("Nothing was sent.")


def _review_all(experiment: Experiment, plan: Plan) -> None:
    """Review commit by commit, both arms of one before the next, so that an early end leaves pairs.
    Who begins alternates."""
    commits = experiment.sample.commits
    for number, commit in enumerate(commits, start=1):
        arms = [arm for arm in ARMS if (commit.id, arm) in plan.reviews]
        left = experiment.budget - experiment.spent()
        at_most = min(plan.of_pair(commit.id) or 0.0, len(arms) * experiment.most_each)
        if arms and (left <= 0 or at_most > left):
            print(
                f"The budget is used up before commit {number} of {len(commits)}. Go on with "
                "--resume and a larger --budget.",
                file=sys.stderr,
            )
            return
        each = min(experiment.most_each, left / max(len(arms), 1))
        for arm in arms if number % 2 else reversed(arms):
            room = experiment.rooms[arm]
            _progress(f"commit {number} of {len(commits)}: {room.reviewer} reads")
            review = room.review(commit.id, commit.family, each)
            if review.failure:
                _progress("")
                print(
                    f"{commit.id[:10]}: {visible(room.reviewer)} failed: {visible(review.failure)}",
                    file=sys.stderr,
                )
    _progress("")


def _progress(said: str) -> None:
    """One line on a terminal, written over; nothing elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{said}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
