"""What a person has to look at before `review --require-human` passes."""

from dataclasses import replace

from tests.fakes.reports import finding, report
from xreview.domain.attention.attention import Attention, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.events.carried import CarriedState, Suppression
from xreview.domain.identity.carry_over import Carried
from xreview.review.attention.required import wanted_of_people
from xreview.review.session.snapshot import ReviewSnapshot

SNAPSHOT = ReviewSnapshot("s", ChangeSource(ChangeKind.WORKTREE, "worktree", "/r"))
FILES = {
    "pay\x1b.py": Attention(AttentionLevel.STUDY),
    "a.py": Attention(AttentionLevel.READ),
}
WEIGHED = replace(SNAPSHOT, attention=ChangeAttention(Attention(AttentionLevel.STUDY), FILES))


def test_nothing_is_wanted_unless_it_is_required() -> None:
    assert not wanted_of_people(WEIGHED, 0).is_open
    assert wanted_of_people(WEIGHED, 0).lines == ()
    assert not wanted_of_people(WEIGHED, 5).is_open


def test_an_unseen_file_is_wanted_until_it_was_viewed() -> None:
    wanted = wanted_of_people(WEIGHED, 4)

    assert wanted.files == ("pay\x1b.py",)
    assert wanted.lines[0] == "A person has to look at 1 file (--require-human study):"
    assert "\x1b" not in "".join(wanted.lines)
    assert "press m" in wanted.lines[-1]
    assert not wanted_of_people(replace(WEIGHED, viewed=frozenset(FILES)), 3).is_open


def test_an_open_finding_is_wanted_in_a_viewed_file() -> None:
    found = finding(report())
    path = found.anchor.path
    files = {path: Attention(AttentionLevel.DECIDE)}
    snapshot = replace(
        WEIGHED,
        attention=ChangeAttention(Attention(AttentionLevel.DECIDE), files),
        findings=(found,),
        viewed=frozenset({path}),
    )

    assert wanted_of_people(snapshot, 5).findings == (found,)
    assert wanted_of_people(snapshot, 5).is_open


def test_a_file_with_only_suppressed_findings_is_wanted() -> None:
    found = finding(report())
    path = found.anchor.path
    files = {path: Attention(AttentionLevel.DECIDE)}
    told = Suppression("tabs", "Ada", "2026-12-01")
    snapshot = replace(
        WEIGHED,
        attention=ChangeAttention(Attention(AttentionLevel.DECIDE), files),
        findings=(found,),
        carried={
            one.fingerprint: Carried(
                one, CarriedState.STILL_THERE, one.fingerprint, suppression=told
            )
            for one in found.reports
        },
    )

    assert snapshot.open_findings == ()
    assert wanted_of_people(snapshot, 5).files == (path,)


def test_what_is_not_known_is_wanted() -> None:
    assert wanted_of_people(SNAPSHOT, 1).is_open
    assert "isn't known" in wanted_of_people(SNAPSHOT, 1).lines[0]
