import json
import sys
import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.review.reply.answers import CHECKER, REVIEWER, answer, finding
from xreview.domain.report import Category, Confidence, Direction, Request, Severity, Suggestion
from xreview.domain.text import visible
from xreview.review.reply.scan import MOST_DEPTH, MOST_ELEMENTS
from xreview.review.reply.stream import MOST_ERRORS, CheckedReply, FindingStream, repair_question


def read(text: str, size: int | None = None) -> tuple[list[dict], CheckedReply]:
    stream = FindingStream()
    pieces = [text] if size is None else [text[at : at + size] for at in range(0, len(text), size)]
    found = [one for piece in pieces for one in stream.feed(piece)]
    return found, stream.finish(CHECKER)


def test_an_answer_becomes_reports() -> None:
    _, reply = read(answer(finding()))

    (report,) = (one.report for one in reply.stated)
    assert (reply.errors, reply.kept_out, reply.is_whole) == ((), 0, True)
    assert report.reviewer == REVIEWER
    assert (report.path, report.start_line, report.end_line) == ("src/pay.py", 4, 5)
    assert report.quote == "    except Exception:\n        pass"
    assert (report.category, report.severity) == (Category.ERROR_HANDLING, Severity.HIGH)
    assert report.confidence is Confidence.MEDIUM
    assert report.request == Request(Direction.ADD, "error handling")
    assert report.suggestion == Suggestion("Let it raise.", None)
    assert report.claim_key == "model/swallowed"
    assert reply.stated[0].report.settle == "A test with a charge() that raises."


def test_an_empty_list_is_a_whole_answer() -> None:
    found, reply = read('{"findings": []}')

    assert found == []
    assert reply == CheckedReply((), (), 0, True)


def test_each_finding_comes_when_it_is_complete() -> None:
    stream = FindingStream()
    first, second = json.dumps(finding(title="one")), json.dumps(finding(title="two"))

    assert stream.feed('{"findings": [' + first[:-1]) == []
    assert [found["title"] for found in stream.feed("}")] == ["one"]
    assert [found["title"] for found in stream.feed("," + second)] == ["two"]


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "\ufeff{}",
        "```json\n{}\n```",
        'Here is what I found in {braces} and "quotes":\n\n{}\n\nThat\'s all. {"a": [1]}',
        '[not it] {{"note": "the \\"findings\\": [ follow"}} {}',
    ],
)
@pytest.mark.parametrize("size", [1, 7, None])
def test_what_stands_around_does_not_matter(around: str, size: int | None) -> None:
    text = around.replace("{{", "{").replace("}}", "}").replace("{}", answer(finding(), finding()))
    found, reply = read(text, size)

    assert found == [finding(), finding()]
    assert len(reply.stated) == 2
    assert reply.errors == ()


def test_other_keys_at_the_root_and_any_spacing_are_read_over() -> None:
    text = '{"summary": "x", "findings"\n :\t [\n' + json.dumps(finding()) + '\n]\n, "more": 1}'

    assert len(read(text, 1)[1].stated) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
objects = st.dictionaries(st.text() | st.sampled_from(sorted(finding())), json_values)
pieces = st.lists(st.integers(1, 40), min_size=1)


def cut(text: str, sizes: list[int]) -> list[str]:
    found, at = [], 0
    while at < len(text):
        size = sizes[len(found) % len(sizes)]
        found.append(text[at : at + size])
        at += size
    return found


@given(st.lists(objects), st.booleans(), pieces)
@example([{'"findings": [': '\\"]}'}, {"a": "{[\\"}], True, [1])
def test_any_objects_come_back_however_they_are_cut(said, ascii_only, sizes) -> None:
    text = json.dumps({"findings": said}, ensure_ascii=ascii_only)
    stream = FindingStream()

    found = [one for piece in cut(text, sizes) for one in stream.feed(piece)]

    assert found == said
    assert stream.finish(CHECKER).is_whole


scraps = st.sampled_from(
    ['"findings"', ":", "[", "]", "{", "}", '"', "\\", ",", " ", "1", "null", "\ud800", "\u2028"]
)
noise = st.lists(scraps | st.text(max_size=3)).map("".join)


@given(noise, pieces)
@settings(max_examples=300)
def test_arbitrary_text_never_raises_and_cutting_changes_nothing(text, sizes) -> None:
    whole, in_pieces = FindingStream(), FindingStream()

    found = whole.feed(text)
    again = [one for piece in cut(text, sizes) for one in in_pieces.feed(piece)]

    assert json.dumps(found) == json.dumps(again)
    assert whole.finish(CHECKER) == in_pieces.finish(CHECKER)


@given(st.integers(0, 10_000))
def test_what_was_complete_survives_a_cut(at) -> None:
    text = answer(finding(title="one"), finding(title="two"), finding(title="three"))
    at %= len(text)
    ends = [at_end for at_end in range(len(text)) if text[: at_end + 1].endswith("null}}")]

    _, reply = read(text[:at])

    assert len(reply.stated) == sum(end < at for end in ends)
    assert reply.is_whole is (at >= len(text) - 1)
    assert bool(reply.errors) is not reply.is_whole


def test_a_break_is_said_with_its_place() -> None:
    text = answer(finding(), finding())
    _, reply = read(text[:-40])

    assert reply.errors == ("The answer breaks off in or before findings[1].",)
    assert not reply.is_whole


@pytest.mark.parametrize(
    "text", ["", "No problems found.", "[]", '{"finding": []}', '{"findings": {}}']
)
def test_an_answer_without_the_list_is_no_answer(text: str) -> None:
    _, reply = read(text)

    assert not reply.is_whole
    came = f"it begins with “{text}”" if text else "it is empty"
    wanted = 'The answer must be one JSON object {"findings": [...]} with a list'
    assert reply.errors == (f"{wanted}, but {came}.",)


@given(st.text(min_size=300) | st.just("\x1b[2J\u202e" * 4000))
@settings(max_examples=50)
def test_what_is_quoted_to_the_model_is_short_and_neutral(text: str) -> None:
    told = [
        *read(text)[1].errors,
        *read(answer({**finding(), "severity": text}))[1].errors,
        *read('{"findings": [{"a" ' + json.dumps(text) + "}]}")[1].errors,
    ]
    assert told
    for error in told:
        assert len(error) < 300
        assert visible(error) == error


def test_elements_that_are_no_objects_are_named() -> None:
    deep = "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1)
    text = f'{{"findings": [1, "x, ]", {deep}, {{"a" 1}}, {json.dumps(finding())}, nul]}}'
    found, reply = read(text, 1)

    assert len(found) == len(reply.stated) == 1
    assert reply.kept_out == 5
    assert reply.errors == (
        "findings[0] must be an object, but it is 1.",
        'findings[1] must be an object, but it is "x, ]".',
        "findings[2] is nested too deeply.",
        "findings[3] is not valid JSON: Expecting ':' delimiter at its character 6,"
        ' in “{"a" 1}”.',
        "findings[5] is not valid JSON: Expecting value at its character 1, in “nul”.",
    )


BOMBS = {"lists": "[" * 200_000, "objects": '{"a":' * 200_000, "digits": "9" * 20_000}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bombs_are_no_more_than_errors(bomb: str) -> None:
    closing = bomb.count("[") * "]" + bomb.count("{") * "}"
    if "{" in bomb:
        bomb += "1"
    _, reply = read(f'{{"findings": [{bomb}{closing}, {json.dumps(finding())}]}}')

    assert len(reply.stated) == 1
    assert len(reply.errors) == 1


def test_a_second_list_is_not_read_and_said() -> None:
    _, reply = read(answer(finding()) + answer(finding(), finding()), 3)

    assert len(reply.stated) == 1
    assert reply.errors == ("The answer has 2 lists “findings”; only the first was read.",)


def test_hostile_text_stays_data() -> None:
    hostile = '\x1b]52;c;eA==\x07 "}]} {"findings": [{"severity": "low"}] \u202e \ud800 ```'
    _, reply = read(answer(finding(claim=hostile, title="x" + hostile)), 1)

    (report,) = (one.report for one in reply.stated)
    assert report.claim == hostile.strip()
    assert reply.errors == ()


def steps_of(text: str, size: int) -> int:
    """How many calls Python makes while it reads: work that no clock is needed for."""
    count = 0

    def tick(_frame, _event, _argument) -> None:
        nonlocal count
        count += 1

    stream = FindingStream()
    sys.setprofile(tick)
    try:
        for at in range(0, len(text), size):
            stream.feed(text[at : at + size])
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "text",
    [
        '{"findings": [{"a": "' + "x" * 20_000,
        '"findings  ' * 2_000,
        '"findings" ' * 2_000,
        '{"' * 9_000,
    ],
    ids=["string", "key", "whole key", "brackets"],
)
def test_work_grows_with_the_text(text: str) -> None:
    once, twice = steps_of(text, 1), steps_of(text + text, 1)

    assert twice < 2.2 * once


def test_the_repair_question_names_what_is_wrong_and_stays_short() -> None:
    _, reply = read(answer(*[finding(severity="awful") for _ in range(50)]))

    question = repair_question(reply.errors)

    assert question.count('severity is "awful"; it must be one of') == MOST_ERRORS
    assert "and 30 more" in question


FLOODS = {
    "objects": ('{"findings": [' + "{}," * 2_000_000, "more than 500 findings; only the first 500"),
    "numbers": ('{"findings": [' + "1," * 2_000_000, "more than 500 findings; only the first 500"),
    "string": ('{"findings": [{"path": "' + "x" * 3_000_000, "more than 2,000,000 characters"),
    "brackets": ('{"findings": [' + "[" * 3_000_000, "more than 2,000,000 characters"),
    "spaces": ('{"findings": [' + " " * 3_000_000, "more than 2,000,000 characters"),
    "quotes": ('"' * 3_000_000, "more than 2,000,000 characters; nothing was read"),
    "lists": ('{"findings": []}' * 200_000, "more than 2,000,000 characters; nothing was read"),
}


@pytest.mark.parametrize(("flood", "sentence"), FLOODS.values(), ids=FLOODS)
def test_a_flood_is_not_read_to_its_end_and_says_so(flood: str, sentence: str) -> None:
    tracemalloc.start()
    _, reply = read(flood, 65_536)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert reply.unread.startswith("it sent more than ")
    assert sentence in reply.unread
    assert most < 32_000_000 + len(flood)  # the pieces of the test are in it


def test_as_many_findings_as_are_read_make_a_whole_answer() -> None:
    text = answer(*[finding(title=f"number {number}") for number in range(MOST_ELEMENTS)])
    _, reply = read(text, 4096)
    _, over = read(text.replace("]}", "," + json.dumps(finding()) + "]}"), 4096)

    assert (reply.unread, reply.is_whole, len(reply.stated)) == ("", True, MOST_ELEMENTS)
    assert len(over.stated) == MOST_ELEMENTS
    assert over.unread == "it sent more than 500 findings; only the first 500 were read"


def test_work_on_brackets_grows_with_the_text() -> None:
    def steps(depth: int) -> int:
        return steps_of('{"findings": [' + "[" * depth + "]" * depth, 4096)

    assert steps(200_000) < 2.2 * steps(100_000)
