"""What is known to be wrong in commits: from a real repository's history, and from a journal."""

from dataclasses import replace
from pathlib import Path

import pytest
from experiment_parts.arms import ArmReview, ArmRoom, is_of
from experiment_parts.commits import SampledCommit
from experiment_parts.counting import ARMS, KnownProblem, ProblemSource
from experiment_parts.journal_problems import JournalProblems, journal_problems
from experiment_parts.truth import known_problems

from tests.fakes.reports import report
from tests.journal.build import decided, event, opened, undone
from tests.repo.builder import Builder
from tests.review.aftermath.reviews import BASE, FIXED, WITH_TOTALS
from xreview.config.paths import Folders
from xreview.domain.change import ChangeKind
from xreview.domain.events.event import Event, ProblemMissed, ReportReceived, UsageReceived
from xreview.domain.events.person_events import FoundIn
from xreview.domain.report import Report, ReviewerIdentity, ReviewerKind, Severity
from xreview.domain.scorecard.scored import Arm
from xreview.journal.store import Journal
from xreview.repo.repository import find_repository

SAME, CROSS = ARMS
PATH = "shop/cart.py"
GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")
WRONG = "        total += item.price"


@pytest.fixture
def commit(repository: Builder) -> SampledCommit:
    """A commit that adds lines 8 to 12, and later ones can fix or revert them."""
    repository.write(PATH, BASE)
    repository.commit("Base")
    repository.write(PATH, WITH_TOTALS)
    repository.commit("Add totals")
    return sampled(repository, "HEAD")


def sampled(repository: Builder, name: str) -> SampledCommit:
    at = int(repository.git("show", "--no-patch", "--format=%ct", name))
    return SampledCommit(repository.rev(name), repository.rev(f"{name}~"), at, "Add", "anthropic")


def said(line: int, title: str = "The number of items is ignored", quote: str = WRONG) -> Report:
    return report(title, path=PATH, line=line, quote=quote, reviewer=GPT)


def reviews(commit: SampledCommit, **reports: list[Report]) -> dict[tuple[str, Arm], ArmReview]:
    by_arm = {"same": SAME, "cross": CROSS}
    return {
        (commit.id, by_arm[name]): ArmReview(
            commit.id, by_arm[name], tuple(told), frozenset((PATH,)), 1.0
        )
        for name, told in reports.items()
    }


def problems(repository: Builder, commit: SampledCommit, *named, **told) -> list[KnownProblem]:
    where, head = find_repository(repository.top), repository.rev("HEAD")
    return list(known_problems(where, head, [commit], reviews(commit, **told), named).problems)


def test_a_fix_is_one_problem_that_the_arm_on_its_lines_caught(
    repository: Builder, commit: SampledCommit
) -> None:
    repository.write(PATH, FIXED)
    fix = repository.commit("fix: count items")
    (found,) = problems(repository, commit, same=[said(2, quote="")], cross=[said(11)])
    assert (found.id, found.source) == (fix, ProblemSource.FIXED)
    assert found.caught_by == {CROSS}
    assert dict(found.chance)[SAME] == 0
    assert 0 < dict(found.chance)[CROSS] <= 1
    (none,) = problems(repository, commit, same=[], cross=[])
    assert (none.caught_by, none.unread_by) == (frozenset(), frozenset())


def test_lines_beside_the_fix_count_and_lines_further_off_do_not(
    repository: Builder, commit: SampledCommit
) -> None:
    repository.write(PATH, FIXED)
    repository.commit("fix: count items")
    (found,) = problems(repository, commit, same=[said(7)], cross=[said(8)])
    assert found.caught_by == {CROSS}, "line 11 is three lines after 8, and four after 7"


def test_a_revert_is_a_problem_and_further_development_is_none(
    repository: Builder, commit: SampledCommit
) -> None:
    repository.write(PATH, WITH_TOTALS.replace("total", "amount"))
    repository.commit("Rename a variable")
    assert problems(repository, commit, same=[], cross=[]) == []
    repository.git("revert", "--no-edit", "HEAD")
    repository.git("revert", "--no-edit", commit.id)
    (found,) = problems(repository, commit, same=[], cross=[said(11)])
    assert (found.source, found.caught_by) == (ProblemSource.REVERTED, {CROSS})


def test_a_problem_ships_with_a_tag_or_without_tags_after_two_weeks(
    repository: Builder, commit: SampledCommit
) -> None:
    repository.write(PATH, FIXED)
    fix = repository.commit("fix: count items")
    (soon,) = problems(repository, commit, same=[], cross=[])
    assert not soon.has_shipped
    early = replace(commit, at=commit.at - 15 * 86_400)
    (late,) = problems(repository, early, same=[], cross=[])
    assert late.has_shipped
    repository.git("tag", "v2", fix)
    (unreleased,) = problems(repository, early, same=[], cross=[])
    assert not unreleased.has_shipped, "the only release has the fix"
    repository.git("tag", "v1", commit.id)
    (released,) = problems(repository, commit, same=[], cross=[])
    assert released.has_shipped


def test_an_arm_that_did_not_read_the_file_missed_it_unread(
    repository: Builder, commit: SampledCommit
) -> None:
    repository.write(PATH, FIXED)
    repository.commit("fix: count items")
    told = reviews(commit, same=[], cross=[])
    told[commit.id, SAME] = replace(told[commit.id, SAME], read=frozenset())
    where, head = find_repository(repository.top), repository.rev("HEAD")
    (found,) = known_problems(where, head, [commit], told, ()).problems
    assert found.unread_by == {SAME}


# the user's journal


def journal_of(
    repository: Builder, folder: Path, commit: SampledCommit, *events: Event
) -> JournalProblems:
    where = find_repository(repository.top)
    start = opened()
    payload = replace(start.payload, kind=ChangeKind.COMMIT, base=None, head=repository.rev("HEAD"))
    told = [replace(one, repository=where.identity) for one in (start, *events)]
    told[0] = replace(told[0], payload=payload)
    path = folder / "journal.sqlite3"
    with Journal.open(path) as journal:
        journal.append(told)
    return journal_problems(path, where, {commit.id})


def missed(line: int, text: str, found: FoundIn = FoundIn.PRODUCTION) -> Event:
    payload = ProblemMissed("m", PATH, line, text, found, Severity.HIGH)
    return event("m", payload)


def test_a_recorded_problem_is_followed_to_the_commit_that_wrote_its_line(
    repository: Builder, commit: SampledCommit, tmp_path: Path
) -> None:
    repository.write(PATH, "# a line more\n" + WITH_TOTALS)
    repository.commit("Write a comment")
    found = journal_of(repository, tmp_path, commit, missed(12, "It adds prices only once."))
    (one,) = found.problems
    assert (one.commit, one.line, one.has_shipped) == (commit.id, 11, True)
    (by_line,) = problems(repository, commit, one, same=[said(2, "Unused import", "import os")],
                          cross=[said(11, "Floating-point sums lose cents")])  # fmt: skip
    assert by_line.source is ProblemSource.RECORDED
    assert by_line.caught_by == {CROSS}


def test_words_meet_a_recorded_problem_without_a_line(
    repository: Builder, commit: SampledCommit, tmp_path: Path
) -> None:
    text = "The number of items is ignored, so the total is too low"
    (one,) = journal_of(repository, tmp_path, commit, missed(0, text)).problems
    (found,) = problems(
        repository,
        commit,
        one,
        same=[said(9, "Use sum with a generator", "    total = 0")],
        cross=[said(11, "The number of items is ignored, so the total is too low")],
    )
    assert (found.caught_by, found.by_words) == ({CROSS}, {CROSS})


def test_problems_of_other_commits_are_counted_and_left_out(
    repository: Builder, commit: SampledCommit, tmp_path: Path
) -> None:
    repository.write(PATH, "# a line more\n" + WITH_TOTALS)
    repository.commit("Write a comment")
    found = journal_of(repository, tmp_path, commit, missed(1, "A comment that lies."))
    assert (found.problems, found.elsewhere) == ((), 1)


def test_an_accepted_finding_is_a_problem_until_its_decision_is_undone(
    repository: Builder, commit: SampledCommit, tmp_path: Path
) -> None:
    told = replace(said(11), fingerprint="f1")
    facts = (event("r", ReportReceived(told)), decided("d", "f1"))
    (one,) = journal_of(repository, tmp_path, commit, *facts).problems
    assert (one.source, one.commit, one.line) == (ProblemSource.ACCEPTED, commit.id, 11)
    (found,) = problems(repository, commit, one, same=[], cross=[said(11)])
    assert (found.caught_by, found.by_words) == ({CROSS}, {CROSS})
    with Journal.open(tmp_path / "journal.sqlite3") as journal:
        where = find_repository(repository.top)
        journal.append([replace(undone("u", "d"), repository=where.identity)])
    assert journal_problems(tmp_path / "journal.sqlite3", where, {commit.id}).problems == ()


# what an arm has kept


def test_what_was_spent_is_read_from_the_arms_journal(tmp_path: Path) -> None:
    room = ArmRoom(SAME, "mine", tmp_path, Folders(*[tmp_path] * 4), tmp_path)
    assert room.spent().dollars == 0
    start = opened()
    start = replace(start, payload=replace(start.payload, head="c" * 40))
    with Journal.open(room.journal) as journal:
        journal.append(
            [
                start,
                event("u1", UsageReceived("mine", 10, 5, 0.25, 1.0)),
                event("u2", UsageReceived("mine", 10, 5, None, 1.0)),
                event("u3", UsageReceived("mine", 10, 5, 0.5, 1.0), session="s2"),
            ]
        )
    assert (room.spent().dollars, room.spent().unknown) == (0.75, 1)
    assert room.spent(["c" * 40]).dollars == 0.25


def test_a_review_that_was_kept_by_halves_is_done_again(tmp_path: Path) -> None:
    room = ArmRoom(SAME, "mine", tmp_path, Folders(*[tmp_path] * 4), tmp_path)
    (tmp_path / "reviews").mkdir()
    for text in ("", "{", "[]", '{"form": 1}', '{"form": 1, "seconds": 2, "document": {}}'):
        (tmp_path / "reviews" / f"{'c' * 40}.json").write_text(text)
        assert room.reviewed("c" * 40) is None, text


def test_a_reviewer_with_two_lenses_has_two_names() -> None:
    assert [is_of("gpt", name) for name in ("gpt", "gpt/risk", "gpt/x", "gpt-mini")] == [
        *(True, True, False, False)
    ]
