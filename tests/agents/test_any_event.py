"""Whatever a program prints, its reader ends in an answer or in a ModelError, once."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agents.reading_events import read
from xreview.agents.base.agent import Exit, all_agents
from xreview.agents.running.pipes import LineSplitter
from xreview.ports.failure import ModelError
from xreview.ports.model import Finished

NAMES = """
    type subtype event message content content_block delta item part state input tokens cache usage
    error result structured_output is_error stop_reason stats status text name role parameters
    reason cost data statusCode parent_tool_use_id tool_name tool_id tool_use_id id changes path
    permission_denials tool_input command
""".split()  # noqa: SIM905 - a list of 30 strings would fill a screen
KINDS = """
    stream_event assistant system result content_block_start content_block_delta tool_use text
    item.started item.completed agent_message turn.completed turn.failed error message init
    step_start step_finish api_retry message_delta command_execution success StructuredOutput
    file_change permission_denied tool_result declined
""".split()  # noqa: SIM905
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-10, 2**70)
    | st.floats()
    | st.sampled_from(KINDS)
    | st.text(max_size=5)
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=20,
)
EVENTS = st.lists(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6), max_size=6)


@pytest.mark.parametrize("agent", all_agents(), ids=lambda agent: agent.label)
@given(events=EVENTS, code=st.none() | st.integers(-64, 255))
def test_any_events(agent, events, code):
    signals = read(agent, events, Exit(code, ""))
    ends = [signal for signal in signals if isinstance(signal, Finished | ModelError)]
    assert ends == signals[-1:]


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_lines_are_the_same_however_they_are_cut(data, cuts):
    splitter = LineSplitter(1000)
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    lines = []
    for start, end in pairwise(places):
        lines += splitter.feed(data[start:end])
    assert b"\n".join([*lines, splitter.rest()]) == data
    assert splitter.total == len(data)
