import json

from tests.review.prompt.building import functions, planned
from xreview.domain.text import visible, visible_block
from xreview.review.prompt.show import rendered_plan
from xreview.review.reply.schema import ANSWER_SCHEMA

HOSTILE = "\x1b]52;c;eA==\x07\u202e"


async def test_everything_that_is_sent_is_shown_as_it_is_sent() -> None:
    found = await planned(
        {"src/a.py": functions(2), "b.py": f"x = '{HOSTILE}'\n", "uv.lock": "x\n"}
    )
    shown = rendered_plan(found)

    for part in found.requests:
        for text in (part.request.instructions, part.request.shared, part.request.question):
            assert text in shown
    assert visible(HOSTILE) in shown
    assert HOSTILE not in shown
    assert json.dumps(ANSWER_SCHEMA, ensure_ascii=False, indent=1) in shown
    assert "##### left out: uv.lock: a lock file" in shown
    assert "request 2 of 2" in shown


async def test_on_a_terminal_nothing_hostile_gets_through() -> None:
    found = await planned({f"{HOSTILE}.py": f"x = '{HOSTILE}'\n", f"{HOSTILE}.lock": ""})
    shown = rendered_plan(found, for_terminal=True)

    assert visible_block(shown) == shown
    assert "␛]52" in shown
