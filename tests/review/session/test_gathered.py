"""What reviewers said so far, as findings: who is silent, who is through, what comes late."""

from tests.disagreement.speaking import CLAUDE, GPT, RACE, RACE_TOO, said
from tests.fakes.reports import RISK, added_file, report
from tests.fakes.reviewer import ScriptedReviewer
from xreview.disagreement.rank import NO_RECORD
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ReviewerError
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.domain.stance import Stance, StanceKind
from xreview.ports.reviewer import Progress, Usage
from xreview.review.session.gathered import GatheredReports
from xreview.review.session.runner import Joined, ReviewerUpdate
from xreview.review.session.snapshot import ReviewerState


def reader(identity: ReviewerIdentity) -> ScriptedReviewer:
    return ScriptedReviewer(identity, Lens.RISK)


def read(reviewer: ReviewerIdentity, path: str, reading: Reading = Reading.READ) -> CoverageEntry:
    return CoverageEntry(reviewer.name, path, reading)


def silent(gathered: GatheredReports) -> list[set[str]]:
    """Who is silent about each finding."""
    return [
        {one.party.name for one in finding.stances if one.kind is StanceKind.SILENT}
        for finding in gathered.findings
    ]


def take(gathered: GatheredReports, *told: ReviewerUpdate) -> None:
    gathered.file(gathered.hear(told))


def test_only_who_has_read_the_file_is_silent_about_it():
    gathered = GatheredReports([reader(CLAUDE), reader(GPT), reader(RISK)])
    take(gathered, ReviewerUpdate(0, said(RACE, path="a.py")), ReviewerUpdate(1, Progress(0, 2)))
    assert silent(gathered) == [set()]
    take(gathered, ReviewerUpdate(1, read(GPT, "b.py")))
    assert silent(gathered) == [set()]
    take(
        gathered,
        ReviewerUpdate(1, read(GPT, "a.py")),
        ReviewerUpdate(2, read(RISK, "a.py", Reading.TRUNCATED)),
    )
    assert silent(gathered) == [{"gpt"}]


def test_who_read_before_the_report_came_is_silent_too():
    gathered = GatheredReports([reader(CLAUDE), reader(GPT)])
    take(gathered, ReviewerUpdate(1, read(GPT, "a.py")), ReviewerUpdate(1, None))
    take(gathered, ReviewerUpdate(0, said(RACE, path="a.py")))
    assert silent(gathered) == [{"gpt"}]


def test_who_joins_late_is_one_of_the_panel():
    gathered = GatheredReports([reader(CLAUDE)])
    take(
        gathered,
        ReviewerUpdate(0, said(RACE, path="a.py")),
        ReviewerUpdate(-1, Joined((reader(GPT),))),
    )
    take(gathered, ReviewerUpdate(1, read(GPT, "a.py")))
    assert silent(gathered) == [{"gpt"}]
    assert [one.identity for one in gathered.progress] == [CLAUDE, GPT]


def test_two_families_on_one_problem_become_one_finding():
    gathered = GatheredReports([reader(CLAUDE), reader(GPT)])
    take(
        gathered,
        ReviewerUpdate(0, said(RACE, path="a.py")),
        ReviewerUpdate(0, read(CLAUDE, "a.py")),
    )
    assert [one.disagreement for one in gathered.findings] == [Disagreement.LONE]
    take(gathered, ReviewerUpdate(1, said(RACE_TOO, GPT, path="a.py")))
    (found,) = gathered.findings
    assert found.disagreement is Disagreement.CORROBORATED
    assert silent(gathered) == [set()]


def test_an_answer_is_kept_when_the_finding_is_made_anew():
    gathered = GatheredReports([reader(CLAUDE), reader(RISK)])
    report = said(RACE, path="a.py")
    take(gathered, ReviewerUpdate(0, report))
    rebuttal = Stance(GPT, StanceKind.REBUTS, "There is a lock.", "with lock:")
    gathered.take_stances([StanceTaken((report.fingerprint,), rebuttal)])
    take(gathered, ReviewerUpdate(1, read(RISK, "a.py")))
    (found,) = gathered.findings
    assert found.disagreement is Disagreement.CONTESTED
    assert rebuttal in found.stances
    assert silent(gathered) == [{"risk"}]


def test_progress_ends_and_failures_are_told_by_reviewer():
    gathered = GatheredReports([reader(CLAUDE), reader(GPT)])
    usage = Usage(10, 5)
    over = [ReviewerUpdate(0, usage), ReviewerUpdate(0, None)]
    take(
        gathered,
        *over,
        ReviewerUpdate(1, ReviewerError("No answer.", "Ask again.")),
        ReviewerUpdate(1, None),
    )
    assert [one.state for one in gathered.progress] == [ReviewerState.DONE, ReviewerState.FAILED]
    assert gathered.progress[0].usage == usage
    assert [one.identity for one in gathered.ended(over)] == [CLAUDE]
    assert list(gathered.failures) == ["gpt"]
    assert "No answer." in gathered.failures["gpt"]


def test_what_was_left_unread_when_it_was_stopped_is_a_gap():
    gathered = GatheredReports([reader(CLAUDE), reader(GPT)])
    files = [added_file("a.py", "one"), added_file("b.py", "two")]
    take(gathered, ReviewerUpdate(0, read(CLAUDE, "a.py")), ReviewerUpdate(1, None))
    (stopped,) = gathered.stop(files)
    assert stopped.identity == CLAUDE
    assert stopped.state is ReviewerState.CANCELLED
    assert [(one.path, one.is_gap) for one in gathered.coverage] == [
        ("a.py", False),
        ("b.py", True),
    ]


def test_findings_are_joined_anew_only_if_they_or_what_was_done_changes():
    gathered, asked = GatheredReports([reader(RISK)]), list[str]()

    def handling(finding: Finding) -> None:
        asked.append(finding.fingerprint)

    def show(basis: str) -> int:
        """How many findings' handling was looked at."""
        asked.clear()
        gathered.ranked("", NO_RECORD, None, handling, basis)
        return len(asked)

    places = [report(path=path, rule="python/x") for path in ("a.py", "b.py", "c.py")]
    take(gathered, *(ReviewerUpdate(0, one) for one in places[:2]))
    assert [show("nothing"), show("nothing"), show("decided"), show("decided")] == [2, 0, 2, 0]
    take(gathered, ReviewerUpdate(0, Progress(1, 2)))
    assert show("decided") == 0
    take(gathered, ReviewerUpdate(0, places[2]))
    assert show("decided") == 3
