"""Keeping outcomes in the journal."""

from pathlib import Path

from tests.journal.build import REPOSITORY
from xreview.domain.events.event import AftermathSeen
from xreview.domain.events.outcome_events import AftermathKind
from xreview.journal.store import Journal
from xreview.review.aftermath.recording import aftermath_id, record_aftermath

SEEN = AftermathSeen("s1", AftermathKind.FIXED, "c" * 40, "2026-01-02", "a\udcff.py", 1, (), "x")
LATER = AftermathSeen("s1", AftermathKind.REVERTED, "d" * 40, "2026-01-03", "a.py", 1, (), "x")


def record(path: Path, *found: AftermathSeen) -> set[str]:
    with Journal.open(path) as journal:
        fresh = record_aftermath(
            journal, found, repository=REPOSITORY, actor="Ada", now=lambda: "2026-02-01"
        )
    return {one.commit for one in fresh}


def test_an_outcome_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    assert record(path, SEEN, SEEN) == {SEEN.commit}
    assert record(path, SEEN, LATER) == {LATER.commit}
    assert record(path, SEEN, LATER) == set()
    with Journal.open(path) as journal:
        events = list(journal.events(types=(AftermathSeen,)))
        assert [event.payload for event in events] == [SEEN, LATER]
        assert [event.session for event in events] == ["s1", "s1"]
        assert journal.verify() == []


def test_session_commit_and_file_name_an_outcome() -> None:
    names = {aftermath_id(SEEN), aftermath_id(LATER)}
    assert len(names) == 2
    assert all(len(name) == 32 for name in names)
