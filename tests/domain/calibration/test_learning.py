"""What earlier reviews teach about paths and topics."""

from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.attention.level import AttentionLevel
from xreview.domain.calibration.learning import experience_of
from xreview.domain.calibration.reviewed import LaterSign, ProvedWrong, ReviewHistory, change_key
from xreview.domain.events.event import AttentionWeighed
from xreview.domain.events.review_events import WeighedFile

PATHS = st.sampled_from(("a.py", "b.py"))
SESSIONS = st.sampled_from(("s1", "s2", "s3"))
WEIGHED = st.dictionaries(
    SESSIONS,
    st.builds(
        AttentionWeighed,
        st.just(AttentionLevel.READ),
        st.just(()),
        st.lists(
            st.builds(
                WeighedFile,
                PATHS,
                st.sampled_from(AttentionLevel),
                st.lists(st.sampled_from(("money", "auth")), unique=True).map(tuple),
            ),
            unique_by=lambda file: file.path,
        ).map(tuple),
    ),
)
SIGNS = st.lists(
    st.builds(
        LaterSign,
        SESSIONS,
        PATHS,
        st.sampled_from(ProvedWrong),
        st.just("2026-01-02T00:00:00+00:00"),
        st.sampled_from(("c1", "c2", "c3")),
    )
).map(tuple)


def history(weighed, signs, decided=()):
    changes = {one: change_key("r", one, None, one) for one in weighed}
    return ReviewHistory(weighed, changes, decided, signs)


@given(WEIGHED, SIGNS, st.frozensets(SESSIONS))
def test_every_cause_counts_once_for_its_path(weighed, signs, decided):
    known = experience_of(history(weighed, signs, decided))
    causes = {(one.path, one.cause) for one in signs}
    assert sum(one.wrong for one in known.paths.values()) == len(causes)
    assert set(known.paths) == {one.path for one in signs}
    for share in known.topics.values():
        assert 0 <= share.count <= share.of


@given(WEIGHED)
def test_without_decisions_and_signs_nothing_is_learned(weighed):
    known = experience_of(history(weighed, ()))
    assert (known.paths, known.topics) == ({}, {})


@given(WEIGHED, SIGNS, st.frozensets(SESSIONS))
def test_more_signs_never_make_a_topic_look_better(weighed, signs, decided):
    before = experience_of(history(weighed, (), decided)).topics
    after = experience_of(history(weighed, signs, decided)).topics
    for topic, share in before.items():
        assert after[topic].count >= share.count
