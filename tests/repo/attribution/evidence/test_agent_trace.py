"""Agent Trace records."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.repo.attribution.building import told
from xreview.domain.authorship.author import PERSON, EvidenceKind, WrittenLines
from xreview.domain.report import Confidence
from xreview.repo.attribution.evidence.agent_trace import trace_evidence

TOP = "/somewhere/project"
COMMITS = {("before", True): "child", ("inside", False): "inside", ("head", True): ""}


def commit_of(revision, is_before):
    return COMMITS.get((revision, is_before))


def record(*conversations, path="a.py", revision="head", version="1.0", tool="cursor"):
    return {
        "version": version,
        "timestamp": "2026-01-27T10:00:00Z",
        "vcs": {"type": "git", "revision": revision},
        "tool": {"name": tool},
        "files": [{"path": path, "conversations": list(conversations)}],
    }


def conversation(kind="ai", model="anthropic/claude-opus-5", ranges=((1, 3),), **more):
    listed = [{"start_line": start, "end_line": end, **more} for start, end in ranges]
    return {"contributor": {"type": kind, "model_id": model}, "ranges": listed}


def traces(*records):
    rows = "".join(json.dumps(one) + "\n" for one in records)
    return trace_evidence(rows.encode(), TOP, commit_of)


def test_lines_of_a_model():
    (trace,) = traces(record(conversation(ranges=((1, 3), (2, 5)))))
    assert told([trace]) == [("cursor", "anthropic", "claude-opus-5")]
    assert trace.lines == (WrittenLines("a.py", ((1, 5),)),)
    assert (trace.kind, trace.confidence) == (EvidenceKind.TRACE, Confidence.MEDIUM)
    assert (trace.commit, trace.at) == ("", "2026-01-27T10:00:00Z")


def test_which_commit_a_record_speaks_of():
    (before,) = traces(record(conversation(), revision="before"))
    (inside,) = traces(record(conversation(), revision="inside", version="0.1.0"))
    assert (before.commit, inside.commit) == ("child", "inside")
    assert traces(record(conversation(), revision="inside", version="1.0")) == ()
    assert traces(record(conversation(), revision="elsewhere")) == ()


def test_a_contributor_of_a_range_goes_before_that_of_the_conversation():
    overridden = conversation(contributor={"type": "ai", "model_id": "openai/gpt-5"})
    assert told(traces(record(overridden))) == [("cursor", "openai", "gpt-5")]


def test_kinds_of_contributors():
    assert told(traces(record(conversation(kind="human", model="")))) == [(PERSON, "", "")]
    (mixed,) = traces(record(conversation(kind="mixed")))
    assert mixed.confidence is Confidence.LOW
    assert traces(record(conversation(kind="unknown"))) == ()
    unnamed = conversation(model="")
    assert told(traces(record(unnamed, tool="claude-code"))) == [("claude-code", "anthropic", "")]


def test_paths():
    (trace,) = traces(record(conversation(), path=f"{TOP}/src/a.py"))
    assert trace.lines[0].path == "src/a.py"
    assert traces(record(conversation(), path="/elsewhere/a.py")) == ()
    assert traces(record(conversation(), path=".shell-history")) == ()


def test_what_is_malformed_is_skipped():
    good = json.dumps(record(conversation()))
    rows = ["", "{", "[]", '{"files": [1, {"path": 2}]}', "\x00", good[:-5], good]
    assert len(trace_evidence("\n".join(rows).encode(), TOP, commit_of)) == 1
    assert traces(record(conversation(ranges=((0, 3), (5, 2))))) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["files", "path", "conversations", "ranges", "vcs", "revision", "tool"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, derandomize=True)
@given(JSON)
def test_no_record_is_an_error(value):
    trace_evidence(json.dumps(value).encode(), TOP, lambda revision, is_before: "")
