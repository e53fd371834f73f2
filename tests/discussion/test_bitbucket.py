"""What Bitbucket Cloud prints of comments."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xreview.discussion.bitbucket import (
    bitbucket_asked,
    bitbucket_discussion,
    bitbucket_reviews,
)
from xreview.domain.change import Side
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.pull.thread_state import ThreadState


def comment(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "content": {"raw": f"comment {number}", "markup": "markdown"},
        "user": {"type": "user", "nickname": "ada", "uuid": "{1}"},
        "created_on": "2026-11-01T10:00:00+00:00",
        "updated_on": "2026-11-01T10:00:00+00:00",
        "deleted": False,
        "pending": False,
        "links": {"html": {"href": f"https://bitbucket.org/x#comment-{number}"}},
        **fields,
    }


def on(line: int, **fields: Any) -> dict[str, Any]:
    return {"path": "till.py", "from": None, "to": line, **fields}


def test_answers_lead_to_the_first_comment():
    bob = {"type": "user", "nickname": "bob"}
    values = [
        comment(3, parent={"id": 2}),
        comment(1, inline=on(4, start_to=2)),
        comment(2, parent={"id": 1}, user=bob),
        comment(9),
    ]
    said = bitbucket_discussion(values)
    (thread,) = said.threads
    assert thread.id == "1"
    assert [one.id for one in thread.comments] == ["1", "2", "3"]
    assert thread.state is ThreadState.REPLIED
    assert thread.place is not None
    assert (thread.place.start_line, thread.place.end_line, thread.place.line_now) == (2, 4, 4)
    assert [one.id for one in said.comments] == ["9"]
    assert said.comments[0].url.endswith("#comment-9")


def test_a_removed_line():
    (thread,) = bitbucket_discussion([comment(1, inline=on(0, to=None, **{"from": 3}))]).threads
    assert thread.place is not None
    assert (thread.place.side, thread.place.end_line) == (Side.OLD, 3)


def test_resolved_outdated_and_pending():
    resolved = comment(1, inline=on(4), resolution={"type": "comment_resolution"})
    outdated = comment(2, inline=on(4, outdated=True))
    draft = comment(3, inline=on(4), pending=True)
    said = bitbucket_discussion([resolved, outdated, draft])
    states = [thread.state for thread in said.threads]
    assert states == [ThreadState.RESOLVED, ThreadState.OUTDATED, ThreadState.OPEN]
    assert said.threads[1].place is not None
    assert said.threads[1].place.line_now is None
    assert [thread.id for thread in said.published().threads] == ["1", "2"]


def test_a_deleted_comment_is_left_out_and_keeps_its_answers_together():
    gone = comment(1, inline=on(4), deleted=True, content={"raw": ""})
    said = bitbucket_discussion([gone, comment(2, parent={"id": 1}), comment(5, deleted=True)])
    (thread,) = said.threads
    assert [one.id for one in thread.comments] == ["2"]
    assert thread.place is not None
    assert thread.place.end_line == 4
    assert said.comments == ()


def test_verdicts_and_who_is_asked():
    ada = {"type": "user", "nickname": "ada", "uuid": "{1}"}
    bot = {"type": "app_user", "display_name": "Reviewer", "uuid": "{2}"}
    eve = {"type": "user", "nickname": "eve"}
    pull = {
        "participants": [
            {"user": ada, "state": "changes_requested"},
            {"user": bot, "state": "approved"},
            {"user": eve, "state": None},
        ],
        "reviewers": [ada, eve],
    }
    assert [(one.author, one.verdict) for one in bitbucket_reviews(pull)] == [
        (ForgeAccount("ada"), ReviewVerdict.REQUEST_CHANGES),
        (ForgeAccount("Reviewer", is_bot=True), ReviewVerdict.APPROVE),
    ]
    assert bitbucket_asked(pull) == (ForgeAccount("eve"),)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 7)), max_size=8))
def test_parents_that_go_round_or_are_missing_lose_no_comment(pairs):
    values = [comment(number, parent={"id": parent}) for number, parent in pairs]
    said = bitbucket_discussion(values)
    found = [one.id for thread in said.threads for one in thread.comments]
    found += [one.id for one in said.comments]
    assert sorted(found) == sorted({str(number) for number, _ in pairs})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KNOWN = ["parent", "inline", "content", "user", "deleted", "resolution", "links"]


@given(st.dictionaries(st.sampled_from(KNOWN), JSON), st.lists(JSON, max_size=3))
def test_no_structure_is_trusted(fields, others):
    said = bitbucket_discussion([comment(1), comment(2, **fields), *others])
    assert said.comments or said.threads
    bitbucket_reviews({"participants": others})
