"""What GitLab prints of discussions."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xreview.discussion.gitlab import (
    gitlab_account,
    gitlab_discussion,
    gitlab_reviews,
    gitlab_waiting,
)
from xreview.domain.change import Side
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.thread_state import ThreadState

HEAD, OLD_HEAD = "c" * 40, "d" * 40
URL = "https://gitlab.example/shop/till/-/merge_requests/7"


def note(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "DiffNote",
        "body": f"note {number}",
        "author": {"id": 5, "username": "ada"},
        "created_at": "2026-11-01T10:00:00.000Z",
        "updated_at": "2026-11-01T10:00:00.000Z",
        "system": False,
        "resolvable": True,
        "resolved": False,
        **fields,
    }


def position(**fields: Any) -> dict[str, Any]:
    return {
        "base_sha": "b" * 40,
        "start_sha": "a" * 40,
        "head_sha": HEAD,
        "old_path": "till.py",
        "new_path": "till.py",
        "position_type": "text",
        "old_line": None,
        "new_line": 12,
        "line_range": None,
        **fields,
    }


def discussion(*notes: dict[str, Any], is_single: bool = False) -> dict[str, Any]:
    return {"id": "6a9c1750b37d", "individual_note": is_single, "notes": list(notes)}


def only(*notes: dict[str, Any]) -> Any:
    (thread,) = gitlab_discussion([discussion(*notes)], HEAD, URL).threads
    return thread


def test_a_thread_on_a_line():
    reply = note(2, author={"id": 6, "username": "bob"}, body="Why?")
    thread = only(note(position=position()), reply)
    assert thread.id == "6a9c1750b37d"
    assert [one.body for one in thread.comments] == ["note 1", "Why?"]
    assert thread.root.url == f"{URL}#note_1"
    assert thread.root.edited == ""
    place = thread.place
    assert (place.path, place.side, place.start_line, place.end_line) == (
        "till.py",
        Side.NEW,
        12,
        12,
    )
    assert (place.commit, place.line_now) == (HEAD, 12)
    assert thread.state is ThreadState.REPLIED
    assert thread.can_resolve


def test_a_removed_line_is_on_the_old_side_by_the_old_name():
    place = only(note(position=position(old_path="old.py", old_line=3, new_line=None))).place
    assert (place.path, place.side, place.end_line) == ("old.py", Side.OLD, 3)


def test_an_unchanged_line_has_both_numbers_and_is_on_the_new_side():
    place = only(note(position=position(old_line=3, new_line=4))).place
    assert (place.side, place.end_line) == (Side.NEW, 4)


def test_a_range_by_line_code_or_by_numbers():
    code = {"line_code": f"{'f' * 40}_0_9", "type": "new"}
    ends = {"start": code, "end": {"line_code": f"{'f' * 40}_0_12", "type": "new"}}
    assert only(note(position=position(line_range=ends))).place.start_line == 9
    ends = {"start": {**code, "new_line": 10}, "end": {}}
    assert only(note(position=position(line_range=ends))).place.start_line == 10
    ends = {"start": {"new_line": 40}, "end": {}}  # after the last one
    assert only(note(position=position(line_range=ends))).place.start_line == 12


def test_a_comment_on_a_file():
    fields = {"position_type": "file", "new_line": None}
    place = only(note(position=position(**fields))).place
    assert (place.start_line, place.end_line, place.line_now) == (0, 0, None)


def test_a_position_that_stays_at_an_older_head_is_outdated():
    thread = only(note(position=position(head_sha=OLD_HEAD)))
    assert thread.state is ThreadState.OUTDATED
    assert (thread.place.commit, thread.place.line_now) == (OLD_HEAD, None)
    assert thread.place.end_line == 12


def test_a_thread_is_resolved_once_all_that_can_be_are():
    resolved = note(position=position(), resolved=True)
    assert only(resolved, note(2)).state is not ThreadState.RESOLVED
    assert only(resolved, note(2, resolvable=False)).state is ThreadState.RESOLVED
    assert not only(note(resolvable=False)).can_resolve


def test_single_notes_are_comments_and_those_of_the_system_are_skipped():
    log = note(3, system=True, body="added 1 commit")
    said = gitlab_discussion(
        [discussion(note(1), is_single=True), discussion(log), discussion(log, note(4))], HEAD
    )
    assert [one.body for one in said.comments] == ["note 1"]
    assert [thread.root.id for thread in said.threads] == ["4"]
    assert said.comments[0].url == ""


def test_an_edited_note_unless_it_was_only_resolved():
    later = "2026-11-02T10:00:00.000Z"
    assert only(note(updated_at=later)).root.edited == later
    assert only(note(updated_at=later, resolved=True)).root.edited == ""


def test_bots_by_their_own_flag_or_an_access_tokens_name():
    assert gitlab_account({"username": "project_12_bot_4f"}) == ForgeAccount(
        "project_12_bot_4f", True
    )
    assert gitlab_account({"username": "duo", "bot": True}).is_bot
    assert not gitlab_account({"username": "project_bot"}).is_bot


def test_reviewers_with_a_verdict_and_without():
    values = [
        {"user": {"id": 1, "username": "ada"}, "state": "approved"},
        {"user": {"id": 2, "username": "bob"}, "state": "requested_changes"},
        {"user": {"id": 3, "username": "eve"}, "state": "unreviewed"},
        {"user": {}, "state": "approved"},
    ]
    assert [(one.author.login, one.verdict) for one in gitlab_reviews(values)] == [
        ("ada", ReviewVerdict.APPROVE),
        ("bob", ReviewVerdict.REQUEST_CHANGES),
    ]
    assert gitlab_waiting(values) == (ForgeAccount("eve"),)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KNOWN = ["id", "body", "author", "username", "position", "new_line", "line_range", "start", "notes"]


@given(st.lists(JSON | st.dictionaries(st.sampled_from(KNOWN), JSON), max_size=4), st.data())
def test_no_structure_is_trusted(notes, data):
    odd = note(**data.draw(st.dictionaries(st.sampled_from(KNOWN), JSON)))
    values = [data.draw(JSON), {"id": "x", "notes": [*notes, odd]}]
    for thread in gitlab_discussion(values, HEAD).threads:
        assert thread.comments
        assert thread.place is None or thread.place.start_line <= thread.place.end_line
    gitlab_reviews(values)
    gitlab_waiting(values)
