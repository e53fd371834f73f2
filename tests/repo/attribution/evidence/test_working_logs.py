"""git-ai's logs of what is not committed."""

import hashlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.repo.attribution.building import told
from xreview.domain.authorship.author import PERSON, WrittenLines
from xreview.repo.attribution.evidence.working_logs import working_log_evidence

POINTER = "somewhere"
DIGITS = hashlib.sha256(b"claude:1").hexdigest()


def checkpoint(*attributions, path="a.py", tool="claude", model="claude-opus-5"):
    lines = [
        {"start_line": start, "end_line": end, "author_id": author}
        for author, start, end in attributions
    ]
    agent = {"tool": tool, "id": "1", "model": model}
    return {"agent_id": agent, "entries": [{"file": path, "line_attributions": lines}]}


def evidence_of(*checkpoints, initial=None):
    rows = "\n".join(map(json.dumps, checkpoints)).encode()
    first = json.dumps(initial).encode() if initial else b""
    return working_log_evidence(first, rows, POINTER)


def test_every_form_of_a_session():
    (trace,) = evidence_of(
        checkpoint((DIGITS[:16], 1, 1), (f"s_{DIGITS[:14]}::t_9", 2, 2), (DIGITS[:7], 3, 3))
    )
    assert told([trace]) == [("claude-code", "anthropic", "claude-opus-5")]
    assert trace.lines == (WrittenLines("a.py", ((1, 3),)),)
    assert (trace.commit, trace.pointer) == ("", POINTER)


def test_people_and_strangers():
    person, *others = evidence_of(checkpoint(("h_1", 1, 2), ("human", 3, 3), ("s_unknown", 4, 4)))
    assert told([person]) == [(PERSON, "", "")]
    assert others == []


def test_the_last_entry_of_a_file_counts():
    session = f"s_{DIGITS[:14]}"
    initial = {"files": {"a.py": [{"start_line": 9, "end_line": 9, "author_id": session}]}}
    (trace,) = evidence_of(
        checkpoint((session, 1, 5)), checkpoint((session, 2, 3)), initial=initial
    )
    assert trace.lines == (WrittenLines("a.py", ((2, 3),)),)
    assert evidence_of(checkpoint((session, 1, 5)), checkpoint()) == ()


KEYS = ["files", "entries", "agent_id", "line_attributions", "start_line", "end_line", "author_id"]
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "file"]), inner)
    ),
    max_leaves=12,
)


@settings(deadline=None, derandomize=True)
@given(JSON, JSON, st.binary(max_size=10))
def test_no_log_is_an_error(initial, record, torn):
    rows = torn + b"\n" + json.dumps(record).encode()
    working_log_evidence(json.dumps(initial).encode(), rows, POINTER)
