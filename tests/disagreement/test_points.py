from hypothesis import given
from hypothesis import strategies as st

from xreview.disagreement.points import statement_points
from xreview.domain.attempt.points import PointKind
from xreview.domain.attempt.statement import AttemptStatement, EdgeCase

A = AttemptStatement(
    "Retries in the client.",
    assumptions=("Amounts are integers in cents.", "The gateway is idempotent."),
    handled=(
        EdgeCase("Negative amounts raise ValueError.", "pay.py", "if amount < 0:", 3, 3),
        EdgeCase("A timeout of the gateway is retried three times."),
    ),
    left_out=("Two refunds at the same time can exceed the charge.",),
)
B = AttemptStatement(
    "Retries in the queue.",
    assumptions=("All amounts are in cents, as int.",),
    handled=(
        EdgeCase("Timeouts of the gateway are retried with a backoff, three times."),
        EdgeCase("Two refunds at the same time: the second one waits for the lock."),
    ),
    left_out=("Negative amounts.",),
    questions=("Is the gateway idempotent?",),
)
C = AttemptStatement(
    "No retries.",
    assumptions=("Amounts are in whole cents.",),
    handled=(EdgeCase("A timeout of the gateway is retried once."),),
)


def test_the_same_point_of_several_attempts_is_one_row():
    points = statement_points({"A": A, "B": B, "C": C})
    told = [
        (point.is_parting, point.is_shared, {one.label: one.kind for one in point.said})
        for point in points
    ]
    handled, left_out = PointKind.HANDLED, PointKind.LEFT_OUT
    assumed, asked = PointKind.ASSUMPTION, PointKind.QUESTION
    assert told == [
        (True, False, {"A": handled, "B": left_out}),
        (True, False, {"A": left_out, "B": handled}),
        (True, False, {"A": assumed, "B": asked}),
        (False, True, {"A": handled, "B": handled, "C": handled}),
        (False, True, {"A": assumed, "B": assumed, "C": assumed}),
    ]
    assert points[0].silent == ("C",)
    assert points[0].kind is PointKind.HANDLED
    assert points[0].by_label["A"].case is A.handled[0]
    assert points[0].by_label["B"].text == "Negative amounts."


def test_a_point_of_one_attempt_alone_comes_before_those_of_all():
    alone = AttemptStatement("", left_out=("Unicode names.",), assumptions=("Python 3.11.",))
    other = AttemptStatement("", assumptions=("Python 3.11.",))
    points = statement_points({"A": other, "B": alone})
    assert [(point.kind, point.silent) for point in points] == [
        (PointKind.LEFT_OUT, ("A",)),
        (PointKind.ASSUMPTION, ()),
    ]


def test_an_attempt_says_a_point_once_in_a_row():
    twice = AttemptStatement(
        "", left_out=("An empty list.", "An empty list.", "An empty list of x.")
    )
    points = statement_points({"A": twice, "B": AttemptStatement("", left_out=("An empty list.",))})
    assert [[one.text for one in point.said] for point in points] == [
        ["An empty list of x."],
        ["An empty list.", "An empty list."],
    ]


def test_one_attempt_parts_with_nobody_and_none_has_no_points():
    points = statement_points({"A": A})
    assert len(points) == 5
    assert all(point.is_shared for point in points)
    assert statement_points({}) == ()
    assert statement_points({"A": AttemptStatement("x")}) == ()


WORDS = ("empty", "list", "amount", "negative", "", "lock", "\x1b[2J", "a.py", "b.py", "\ud800")
sentences = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
statements = st.builds(
    AttemptStatement,
    st.just(""),
    assumptions=st.lists(sentences, max_size=4).map(tuple),
    handled=st.lists(st.builds(EdgeCase, sentences), max_size=4).map(tuple),
    left_out=st.lists(sentences, max_size=4).map(tuple),
    questions=st.lists(sentences, max_size=3).map(tuple),
)


@given(st.dictionaries(st.sampled_from("ABCD"), statements))
def test_everything_said_is_in_one_row(given_statements):
    points = statement_points(given_statements)
    said = [one for point in points for one in point.said]
    assert len(said) == len(set(said))
    for label, statement in given_statements.items():
        texts = {(one.kind, one.text) for one in said if one.label == label}
        assert texts == {
            *((PointKind.ASSUMPTION, text) for text in statement.assumptions),
            *((PointKind.HANDLED, case.text) for case in statement.handled),
            *((PointKind.LEFT_OUT, text) for text in statement.left_out),
            *((PointKind.QUESTION, text) for text in statement.questions),
        }
    for point in points:
        labels = [one.label for one in point.said]
        assert len(labels) == len(set(labels))
        assert sorted([*labels, *point.silent]) == sorted(given_statements)
    assert points == statement_points(dict(given_statements))
    ranks = [(not point.is_parting, point.is_shared) for point in points]
    assert ranks == sorted(ranks)


def test_what_is_the_same_word_by_word_finds_each_other_first():
    question = "Should an empty list be an error?"
    zero = AttemptStatement(
        "", assumptions=("An empty list has the total zero.",), questions=(question,)
    )
    error = AttemptStatement("", assumptions=("An empty list is an error.",), questions=(question,))
    points = statement_points({"A": error, "B": zero})
    (row,) = [one for one in points if any(cell.text == question for cell in one.said)]
    assert [cell.text for cell in row.said] == [question, question]
