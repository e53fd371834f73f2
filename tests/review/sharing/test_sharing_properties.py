"""Any order of pushes and pulls leads three clones to one set of events and one state."""

import shutil
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.strategies import by_kind, decisions, stored_events
from tests.journal.build import event
from tests.repo.builder import Builder
from tests.review.sharing.test_sharing import Clone, ada_key, bare, origin  # noqa: F401 - fixtures
from xreview.domain.events.event import (
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Event,
    NoteWritten,
)
from xreview.domain.events.shared_event import (
    MOST_BYTES,
    is_what_its_name_says,
    may_be_kept,
    path_of,
    read_shared,
    shared_form,
)
from xreview.domain.state import Triage, fold
from xreview.repo.shared_journal.journal_tree import SharedFile, united

PEOPLE = range(3)
SUBJECTS = ("f1", "f2")
acts = st.one_of(
    st.builds(lambda s, d: ("decide", (s, d)), st.sampled_from(SUBJECTS), decisions),
    st.builds(lambda s, t: ("note", (s, t)), st.sampled_from(SUBJECTS), st.sampled_from("xyz")),
    st.just(("undo", None)),
    st.just(("redo", None)),
    st.just(("push", None)),
    st.just(("pull", None)),
)
histories = st.lists(st.tuples(st.sampled_from(PEOPLE), acts), max_size=12)


@pytest.fixture
def template(tmp_path, origin):  # noqa: F811
    for number in PEOPLE:
        origin.clone(tmp_path / "template" / str(number))
    bare(tmp_path / "template" / "shared.git")
    return tmp_path / "template"


@pytest.mark.endurance
@given(histories)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_three_clones_converge(template, history):
    run = template.parent / "run"
    shutil.rmtree(run, ignore_errors=True)
    shutil.copytree(template, run, symlinks=True)
    clones = [Clone(Builder(run / str(n), init=None), run / "shared.git") for n in PEOPLE]
    made = _live(clones, history)
    for what in ("push", "pull"):
        for clone in clones:
            getattr(clone, what)()
    sets = [set(map(shared_form, clone.events())) for clone in clones]
    assert sets[0] == sets[1] == sets[2]
    assert len(sets[0]) == made
    files = [clone.files() for clone in clones]
    assert files[0] == files[1] == files[2]
    states = [_state(clone) for clone in clones]
    assert states[0] == states[1] == states[2]


def _live(clones: list[Clone], history) -> int:
    """Do what the history says; how many events came of it."""
    actions: list[list[str]] = [[] for _ in clones]
    made = 0
    for second, (person, (what, about)) in enumerate(history):
        clone = clones[person]
        if what in ("push", "pull"):
            getattr(clone, what)()
            continue
        id = f"{person}/{second}"
        if what == "decide":
            payload = DecisionMade(id, (about[0],), about[1])
            actions[person].append(id)
        elif what == "note":
            payload = NoteWritten((about[0],), about[1])
        elif not actions[person]:
            continue
        else:
            kind = DecisionUndone if what == "undo" else DecisionRedone
            payload = kind(actions[person][-1])
        clone.write(event(id, payload, session=f"s{person}", second=second))
        made += 1
    return made


def _state(clone: Clone) -> tuple:
    triage: Triage = fold(sorted(clone.events(), key=lambda event: (event.at, event.id)))
    return (triage.history, triage.undone, triage.notes)


@given(stored_events())
def test_an_event_comes_back_as_it_was_sent(event: Event):
    event = replace(event, id=event.id[:900] or "x", repository="here")
    content = shared_form(event)
    path = path_of(event, content)
    assert content.isascii()
    assert len(content) < MOST_BYTES
    assert may_be_kept(path)
    assert is_what_its_name_says(path, content)
    if not event.payload.is_shared:
        with pytest.raises(ValueError, match="isn't shared"):
            read_shared(path, content, "here", "9999")
        return
    read = read_shared(path, content, "here", "9999")
    assert read is not None
    assert shared_form(read) == content


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event_or_refused(content: bytes):
    path = path_of(event("x", NoteWritten(("f",), "t")), content)
    with pytest.raises(ValueError, match=r"\w"):
        read_shared(path, content, "here", "9999")


files = st.dictionaries(st.sampled_from("abcdef"), st.just(None), max_size=6).map(
    lambda names: {name: SharedFile(name, name * 40, 1) for name in names}
)


@given(files, files, files)
def test_uniting_is_the_same_in_any_order(left, middle, right):
    assert united(left, right) == united(right, left)
    assert united(left, united(middle, right)) == united(united(left, middle), right)
    assert united(left, left) == left


def test_every_kind_of_event_is_tried():
    assert {kind.type for kind in by_kind} >= {"decision-made", "session-opened", "exported"}
