from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysers.changes import Contents, diff_body
from tests.domain.strategies import texts
from tests.repo.builder import Builder
from tests.review.prompt.building import SETTINGS, functions, holding, planned, questions
from xreview.domain.attention.attention import Attention, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.coverage import Reading
from xreview.domain.errors import ChangeError, ReviewerError
from xreview.domain.report import Lens
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.files.contents import contents_of
from xreview.review.prompt.brief import request_background
from xreview.review.prompt.compose import request_tokens
from xreview.review.prompt.plan import Plan, PlanSettings, plan
from xreview.review.prompt.room import LEAST_ROOM

BODY = diff_body("", "x = 1\n")


def paths_in(found: Plan) -> list[list[str]]:
    return [[piece.path for piece in part.pieces] for part in found.requests]


async def test_a_request_says_all_in_its_order() -> None:
    background = request_background("Charge once.", (), ["Retries are meant to be there."])
    found = await planned(
        {"src/pay.py": functions(2)}, settings=replace(SETTINGS, background=background)
    )

    (part,) = found.requests
    request = part.request
    sent = "\n".join((request.instructions, request.shared, request.question))
    order = (
        "You review one part",
        "Charge once.",
        "- Retries are meant",
        "def work_1",
        "- Security",
    )
    assert sorted(order, key=sent.index) == list(order)
    assert part.tokens == request_tokens(request)
    assert (part.label, part.is_last) == ("src/pay.py", False)
    assert found.skipped == ()


async def test_what_the_requests_of_a_review_share_is_the_same() -> None:
    found = await planned({f"src/{name}.py": functions(2) for name in "abc"})

    first, *others = (part.request for part in found.requests)
    assert len(others) == 2
    for other in others:
        assert other.shared == first.shared
        assert other.instructions == first.instructions
        assert other.cache_key == first.cache_key
        assert other.question != first.question


async def test_the_lens_makes_another_prompt() -> None:
    risk = await planned({"a.py": functions(1)})
    economy = await planned({"a.py": functions(1)}, lens=Lens.ECONOMY)

    assert risk.requests[0].digest != economy.requests[0].digest
    assert economy.template.name == "economy"


async def test_a_source_goes_with_its_test_and_nothing_else() -> None:
    files = {"src/pay.py": functions(2), "tests/test_pay.py": functions(2), "src/x.py": "a = 1\n"}

    assert sorted(paths_in(await planned(files))) == [
        ["src/pay.py", "tests/test_pay.py"],
        ["src/x.py"],
    ]


async def test_what_does_not_fit_together_goes_apart() -> None:
    files = {"src/pay.py": functions(60), "tests/test_pay.py": functions(60)}
    found = await planned(files, settings=replace(SETTINGS, request_tokens=LEAST_ROOM))

    assert sorted(paths_in(found)) == [["src/pay.py"], ["tests/test_pay.py"]]


async def test_changing_one_file_changes_its_requests_only() -> None:
    files = {f"src/{name}.py": functions(20, first=at) for at, name in enumerate("abcdefgh")}
    files["tests/test_c.py"] = functions(5)
    given_settings = replace(SETTINGS, request_tokens=2_400)
    before = await planned(files, settings=given_settings)
    edited = {**files, "src/c.py": functions(21, first=2)}
    after = await planned(edited, settings=given_settings)

    shared_with_it = {
        path
        for found in (before, after)
        for part in found.requests
        for path in (piece.path for piece in part.pieces)
        if any(piece.path == "src/c.py" for piece in part.pieces)
    }
    changed = questions(before) ^ questions(after)
    assert changed
    for part in (*before.requests, *after.requests):
        if part.request.question in changed:
            assert {piece.path for piece in part.pieces} <= shared_with_it
    assert len(shared_with_it) <= 2


async def test_the_same_change_gives_the_same_bytes() -> None:
    files = {f"src/{name}.py": functions(4) for name in "abc"}
    first = await planned(files)
    again = await planned(dict(reversed(files.items())))

    assert [part.digest for part in first.requests] == [part.digest for part in again.requests]


async def test_risk_goes_first_and_documents_last() -> None:
    files = {
        "README.md": "# Password tokens, async locks and payment\n" * 50,
        "src/colours.py": "RED = 1\n",
        "src/auth/login.py": "try:\n    check(password)\nexcept Error:\n    lock.release()\n" * 3,
    }
    found = await planned(files)

    assert paths_in(found) == [["src/auth/login.py"], ["src/colours.py"], ["README.md"]]
    assert [part.is_hard for part in found.requests] == [True, False, False]
    assert [part.is_last for part in found.requests] == [False, False, True]


async def test_the_level_of_attention_goes_over_the_routing() -> None:
    files = {
        "README.md": "# Colours\n" * 50,
        "src/colours.py": "RED = 1\n",
        "src/shapes.py": "SQUARE = 1\n",
        "src/auth/login.py": "try:\n    check(password)\nexcept Error:\n    lock.release()\n" * 3,
    }
    levels = {"README.md": 4, "src/colours.py": 5, "src/shapes.py": 3, "src/auth/login.py": 2}
    each = {path: Attention(AttentionLevel(level)) for path, level in levels.items()}
    attention = ChangeAttention(Attention(AttentionLevel.DECIDE), each)
    found = await planned(files, settings=replace(SETTINGS, attention=attention))

    assert paths_in(found) == [[path] for path in sorted(levels, key=lambda path: -levels[path])]
    assert [part.is_hard for part in found.requests] == [True, True, False, False]
    assert not any(part.is_last for part in found.requests)


async def test_documents_can_be_left_out_and_are_listed() -> None:
    found = await planned({"README.md": "x\n"}, settings=replace(SETTINGS, reads_last=False))

    (entry,) = found.skipped
    assert found.requests == ()
    assert (entry.path, entry.expected) == ("README.md", True)
    assert entry.why == "documentation, excluded by the settings"


async def test_what_is_left_out_is_listed_with_why() -> None:
    found = await planned(
        {
            "src/a.py": "x = 1\n",
            "min.js": "var a=1;" * 1_000 + "\n",
            "gen.py": "# Code generated by x. DO NOT EDIT.\nx = 1\n",
        },
        None,
        FileDiff("uv.lock", FileStatus.MODIFIED, body=BODY),
        FileDiff("a.png", FileStatus.MODIFIED, binary=True),
        FileDiff("c.py", FileStatus.UNMERGED, body=BODY),
        FileDiff("odd.py", FileStatus.MODIFIED, body=b"@@ -1 +1 @@\n x\n"),
    )

    assert sorted(path for one in paths_in(found) for path in one) == ["gen.py", "src/a.py"]
    assert {entry.path: (entry.why, entry.is_gap) for entry in found.skipped} == {
        "min.js": ("has a line of over 5,000 characters", False),
        "uv.lock": ("a lock file", False),
        "a.png": ("binary, or larger than 16 MiB", False),
        "c.py": ("it has merge conflicts", True),
        "odd.py": ("no lines changed", False),
    }


async def test_a_deleted_file_is_shown_by_its_hunks() -> None:
    gone = FileDiff("src/a.py", FileStatus.DELETED, body=diff_body("x = 1\ny = 2\n", ""))
    found = await planned({}, None, gone)

    assert (
        '=== "src/a.py" (deleted)\n-    1|x = 1\n-    2|y = 2\n'
        in found.requests[0].request.question
    )


class FailingContents(Contents):
    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        raise ChangeError("The disk is gone.")


async def test_a_file_that_can_t_be_read_is_a_gap() -> None:
    file = FileDiff("a.py", FileStatus.ADDED, body=BODY)
    found = await plan([file], FailingContents({}), holding(50_000), Lens.RISK, SETTINGS)

    (entry,) = found.skipped
    assert (entry.reading, entry.why, entry.is_gap) == (Reading.FAILED, "The disk is gone.", True)


async def test_a_large_file_goes_in_parts_and_all_of_it_goes() -> None:
    found = await planned({"src/a.py": functions(2_000)})

    assert len(found.requests) > 2
    assert found.unsent == {}
    for part in found.requests:
        assert part.tokens < 24_000 + 4_000
    assert found.requests[0].label == f"src/a.py (1/{len(found.requests)})"


async def test_lines_over_the_most_parts_are_named() -> None:
    given_settings = replace(SETTINGS, request_tokens=LEAST_ROOM, most_pieces=2)
    found = await planned({"src/a.py": functions(1_000)}, settings=given_settings)

    sent = [piece.changed for part in found.requests for piece in part.pieces]
    ((start, end),) = found.unsent["src/a.py"]
    assert len(sent) == 2
    assert (start, end) == (sent[1][0][1] + 1, 3_000)


async def test_a_model_that_is_too_small_is_refused_with_a_sentence() -> None:
    with pytest.raises(ReviewerError) as refused:
        await planned({"a.py": "x = 1\n"}, budget=3_000)

    assert "opus accepts 3,000 tokens of input, too few" in refused.value.message
    assert "a context of at least 3,4" in refused.value.advice


async def test_a_small_budget_is_kept() -> None:
    found = await planned({"src/a.py": functions(400)}, budget=7_000)

    assert len(found.requests) > 1
    assert max(part.tokens for part in found.requests) <= 7_000


names = st.sampled_from(["a.py", "b/a.py", "tests/test_a.py", "x.md", "uv.lock", "b/c.ts", "d.bin"])
contents = st.lists(
    st.sampled_from(["x = 1\n", "def f():\n", "    password\n", "\x00", "é\udce9\n", "y" * 6_000])
    | texts,
    max_size=60,
).map("".join)


@given(st.dictionaries(names, contents, min_size=1), st.integers(6_000, 20_000))
@settings(max_examples=60, deadline=None)
async def test_every_file_is_sent_or_listed_and_every_request_fits(
    files: Mapping[str, str], budget: int
) -> None:
    given_settings = PlanSettings("opus", request_tokens=2_500)
    found = await planned(files, settings=given_settings, budget=budget)

    sent = {piece.path for part in found.requests for piece in part.pieces}
    listed = [entry.path for entry in found.skipped]
    assert sorted(sent | set(listed)) == sorted(files)
    assert not sent & set(listed)
    assert len(listed) == len(set(listed))
    for part in found.requests:
        assert part.tokens <= budget
        part.request.question.encode("utf-8")
        assert part.request.question.count("<<<END change") >= 1


async def test_a_real_commit(tmp_path) -> None:
    repository = Builder(tmp_path / "project")
    repository.write("src/pay.py", functions(80))
    repository.commit("first")
    repository.write("src/pay.py", functions(80).replace("* 40", "/ 0"))
    repository.write("docs/a.md", "# New\n")
    repository.commit("second")

    collected = collect(ChangeRequest(repository.top, commit="HEAD"))
    files = [file for batch in collected.batches for file in batch]
    reader = contents_of(collected)
    try:
        found = await plan(files, reader, holding(100_000), Lens.RISK, SETTINGS)
    finally:
        reader.close()

    code, document = found.requests
    assert "-  122|    return value * 40\n+  122|    return value / 0\n" in code.request.question
    assert "   121|def work_40(value):" in code.request.question
    assert "~~~ lines 1-" in code.request.question
    assert document.is_last
    assert code.shown.verbatim("+  122|    return value / 0", "src/pay.py", Side.NEW) == (
        "    return value / 0"
    )
