"""Who wrote a change is known where the user took it from attempts, line by line."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.repo.builder import Builder, isolate
from tests.review.attempts.trials_at_hand import (
    LINES,
    TrialsAtHand,
    give_back,
    graft,
    note_in,
    take,
    text,
)
from tests.review.choosing.test_attribution import attributed, claude_session
from xreview.domain.authorship.author import EvidenceKind
from xreview.domain.authorship.author_answer import AuthorAnswer

BEFORE_COMMITS = "2000-01-01T00:00:00.000000+00:00"
"""The builder's commits have a fixed date."""


@pytest.fixture
def project(tmp_path, monkeypatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write("a.py", "".join(LINES))
    made.commit("first")
    return made


def noted(trials: TrialsAtHand, project: Builder, at: str = "") -> None:
    note_in(project.top.parent / "journal.sqlite3", trials, project, at)


def shares(attribution, path="a.py"):
    found = attribution.shares_by_path.get(path, ())
    return {one.vendor: round(one.part, 2) for one in found}


def test_a_picked_attempt_names_its_author(project):
    trials = TrialsAtHand(project, A={"a.py": text(2, 20), "b.py": "brand = 'new'\n"})
    take(trials)
    noted(trials, project)
    found = attributed(project)
    assert (found.author.vendor, found.author.tool) == ("anthropic", "claude-code")
    assert (found.author.model, found.author.confidence.word) == ("claude-opus-5", "high")
    day = datetime.now(UTC).date().isoformat()
    pointer = f"you took it from attempt A (claude-code) on {day}"
    assert found.author.evidence == (f"attempt: anthropic claude-opus-5 ({pointer})",)
    assert {path: one.vendor for path, one in found.by_path.items()} == {
        "a.py": "anthropic",
        "b.py": "anthropic",
    }


def test_lines_of_a_graft_keep_their_writers(project):
    trials = TrialsAtHand(project, A={"a.py": text(2, 3, 4)}, B={"a.py": text(38, mark="B")})
    both = trials.snapshot.comparison
    graft(trials, both.of("A") | both.of("B"))
    noted(trials, project)
    found = attributed(project)
    assert found.author.is_mixed
    assert shares(found) == {"anthropic": 0.75, "openai": 0.25}
    spans = {one.vendor: one.lines[0].ranges for one in found.evidence}
    assert spans == {"anthropic": ((2, 4),), "openai": ((38, 38),)}
    assert not found.contradictions


def test_edited_lines_are_nobodys_and_moved_ones_stay(project):
    trials = TrialsAtHand(project, A={"a.py": text(2, 3, 20, 21)})
    take(trials)
    noted(trials, project)
    now = text(2, 3, 20, 21).replace("A wrote line 3\n", "I changed this line\n")
    project.write("a.py", "my own header\n" * 2 + now)
    found = attributed(project)
    assert [one.lines[0].ranges for one in found.evidence] == [((4, 4), (22, 23))]
    assert shares(found) == {"anthropic": 0.5, "": 0.5}


def test_trivial_lines_count_beside_found_ones_only(project):
    code = "def retry(call):\n    try:\n        return call()\n    finally:\n        pass\n"
    trials = TrialsAtHand(project, A={"b.py": code})
    take(trials)
    noted(trials, project)
    project.write("b.py", code + "\n\ndef mine():\n    try:\n        stop_it_now()\n")
    found = attributed(project)
    assert [one.lines[0].ranges for one in found.evidence] == [((1, 5),)]


def test_a_renamed_file_takes_its_lines_along(project):
    trials = TrialsAtHand(project, A={"b.py": "brand = 'new'\nother = 'too'\n"})
    take(trials)
    noted(trials, project)
    (project.top / "b.py").rename(project.top / "c.py")
    found = attributed(project)
    assert [one.lines[0].path for one in found.evidence] == ["c.py"]


def test_what_was_given_back_says_nothing(project):
    trials = TrialsAtHand(project, A={"a.py": text(2)})
    give_back(trials, take(trials).taken)
    noted(trials, project)
    project.write("a.py", text(2))
    assert not attributed(project).evidence


def test_the_commit_made_of_it_is_known_too(project):
    trials = TrialsAtHand(project, A={"a.py": text(2, 3)}, B={"b.py": "brand = 'new'\n"})
    both = trials.snapshot.comparison
    graft(trials, both.of("A") | both.of("B"))
    noted(trials, project, BEFORE_COMMITS)
    project.git("checkout", "-q", "-b", "feature")
    made = project.commit("take both\n\nCo-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>")
    project.write("c.py", "c_is = 'mine'\n")
    for request in ({"commit": "HEAD"}, {"base": "main"}):
        found = attributed(project, **request)
        kinds = {(one.kind, one.vendor, one.commit) for one in found.evidence}
        assert (EvidenceKind.ATTEMPT, "openai", made) in kinds
        assert {path: one.vendor for path, one in found.by_path.items()} == {
            "a.py": "anthropic",
            "b.py": "openai",
        }


def test_a_commit_from_before_the_take_is_not_an_attempts(project):
    trials = TrialsAtHand(project, A={"a.py": text(2, 3)})
    take(trials)
    project.commit("by hand")
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="microseconds")
    noted(trials, project, later)
    assert not attributed(project, commit="HEAD").evidence


def test_an_answer_is_about_the_other_lines(project):
    trials = TrialsAtHand(project, A={"a.py": text(2)})
    take(trials)
    noted(trials, project)
    project.write("a.py", text(2).replace(LINES[19], "mine\n").replace(LINES[29], "mine too\n"))
    found = attributed(project, AuthorAnswer("openai"))
    assert shares(found) == {"openai": 0.67, "anthropic": 0.33}
    assert not found.contradictions


def test_a_session_in_a_disposable_tree_and_one_of_another_agent(project):
    trials = TrialsAtHand(project, B={"a.py": text(2, 3, 4)})
    take(trials, "B")
    noted(trials, project)
    # An agent wrote the attempt in its own tree; its transcript names files of that tree.
    claude_session(project, str(trials.trees["B"].top / "a.py"), text(2, 3, 4))
    found = attributed(project)
    assert [one.kind for one in found.evidence] == [EvidenceKind.ATTEMPT]
    assert not found.contradictions
