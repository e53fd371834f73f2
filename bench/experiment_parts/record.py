"""What an experiment is about, and what it has so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from experiment_parts.arms import ArmReview, ArmRoom
from experiment_parts.commits import Sample
from experiment_parts.counting import ARMS
from experiment_parts.journal_problems import journal_problems
from experiment_parts.table import ArmEffort, ExperimentResult
from experiment_parts.truth import Truth, known_problems
from xreview.config.paths import Folders
from xreview.domain.scorecard.scored import Arm
from xreview.domain.text import count_of
from xreview.repo.repository import Repository
from xreview.review.choosing.choice import Candidate

Reviews = dict[tuple[str, Arm], ArmReview]


@dataclass(frozen=True)
class Experiment:
    """Everything that is known before the first request.

    Args:
        budget: US dollars for both arms. most_each: for one review.
    """

    repository: Repository
    places: Folders
    sample: Sample
    author: str
    readers: Mapping[Arm, Candidate]
    rooms: Mapping[Arm, ArmRoom]
    budget: float
    most_each: float
    shipped_after: int

    def done(self) -> Reviews:
        """The reviews that have a result."""
        return {
            (commit.id, arm): review
            for commit in self.sample.commits
            for arm, room in self.rooms.items()
            if (review := room.reviewed(commit.id)) is not None
        }

    def spent(self) -> float:
        """US dollars that both arms have cost; a review of unknown price counts as its limit."""
        told = [room.spent() for room in self.rooms.values()]
        return sum(one.dollars + one.unknown * self.most_each for one in told)

    def truth(self, reviews: Reviews) -> Truth:
        """What is known to be wrong in the commits that both arms read; before the first review, in
        all of them."""
        commits = self.sample.commits
        if reviews:
            commits = tuple(one for one in commits if _is_paired(one.id, reviews))
        ids = {one.id for one in commits}
        named = journal_problems(self.places.journal, self.repository, ids)
        found = known_problems(
            self.repository,
            self.sample.head,
            commits,
            reviews,
            named.problems,
            self.shipped_after,
        )
        if not named.elsewhere:
            return found
        said = f"{count_of(named.elsewhere, 'problem')} of the journal not in these commits."
        return Truth(found.problems, (*found.notices, said))


def _is_paired(commit: str, reviews: Reviews) -> bool:
    return all((commit, arm) in reviews for arm in ARMS)


def result_of(experiment: Experiment) -> ExperimentResult:
    """The result so far, over the commits that both arms have read."""
    reviews = experiment.done()
    commits = tuple(one for one in experiment.sample.commits if _is_paired(one.id, reviews))
    kept = {key: one for key, one in reviews.items() if _is_paired(key[0], reviews)}
    truth = experiment.truth(kept) if kept else Truth((), ())
    return ExperimentResult(
        Path(experiment.repository.folder).name,
        experiment.author,
        commits,
        len(experiment.sample.commits) - len(commits),
        truth.problems,
        {arm: _effort(experiment, arm, kept) for arm in ARMS},
        truth.notices,
    )


def _effort(experiment: Experiment, arm: Arm, reviews: Reviews) -> ArmEffort:
    mine = [one for (_, other), one in reviews.items() if other is arm]
    spent = experiment.rooms[arm].spent([one.commit for one in mine])
    reader = experiment.readers[arm]
    return ArmEffort(
        reader.name,
        reader.vendor,
        sum(len(one.reports) for one in mine),
        None if spent.unknown else spent.dollars,
        tuple(one.seconds for one in mine),
    )
