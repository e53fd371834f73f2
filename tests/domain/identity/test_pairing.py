from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.reports import report
from xreview.domain.change import Side
from xreview.domain.identity.anchor import NO_CONTEXT, Anchor, normalised
from xreview.domain.identity.claim import claims_agree
from xreview.domain.identity.file_text import FileText
from xreview.domain.identity.pairing import anchor_likeness, is_edited, pairs

CODE = """\
def first():
    try:
        load()
    except Exception:
        pass

def second():
    open()
    try:
        store()
    except Exception:
        pass
    close()
"""
QUOTE = "except Exception:\n    pass"


def places(code, quote=QUOTE, path="a.py"):
    text = FileText(code)
    length = quote.count("\n")
    return [
        Anchor(path, Side.NEW, line, line + length, quote, text.context(line, line + length))
        for line in text.occurrences(quote)
    ]


def test_a_twin_put_before_takes_nothing_from_the_others():
    olds = places(CODE)
    inserted = "def zero():\n    try:\n        x()\n    except Exception:\n        pass\n\n"
    assert pairs(olds, places(inserted + CODE)) == {1: 0, 2: 1}


def test_a_twin_put_before_in_the_same_block_takes_nothing_either():
    more = CODE.replace(
        "    open()\n", "    try:\n        x()\n    except Exception:\n        pass\n    open()\n"
    )
    assert pairs(places(CODE), places(more)) == {0: 0, 2: 1}


def test_twins_that_change_places_keep_their_names():
    first, second = CODE.split("\n\n")
    assert pairs(places(CODE), places(f"{second}\n\n{first}")) == {0: 1, 1: 0}


def test_indentation_does_not_matter():
    assert pairs(places(CODE), places(CODE.replace("    ", "\t"))) == {0: 0, 1: 1}


def test_what_can_not_be_told_apart_is_taken_in_order():
    alike = [replace(anchor, context=NO_CONTEXT) for anchor in places(CODE)]
    assert pairs(alike, alike) == {0: 0, 1: 1}


def test_short_code_in_wholly_other_surroundings_is_another_problem():
    rows = ("class A:", " def b(self):", "  try:", "   c()", "  except Exception:", "   pass")
    other = "\n".join((*rows, "  d()"))
    assert pairs(places(CODE)[:1], places(other)) == {}


def test_telling_code_is_the_same_wherever_it_went_in_its_file():
    line = "subprocess.run(command, shell=True, env=environ)"
    old = places(f"def a():\n    {line}\n", line)
    new = places(f"import x\n\nclass B:\n    def c(self):\n        go()\n        {line}\n", line)
    assert pairs(old, new) == {0: 0}


def test_code_in_another_file_needs_the_same_surroundings():
    assert pairs(places(CODE), places(CODE, path="b.py")) == {0: 0, 1: 1}
    other = places(
        "def z():\n    try:\n        y()\n    except Exception:\n        pass\n", path="b.py"
    )
    assert pairs(places(CODE), other) == {}


contexts = st.lists(st.sampled_from(["    a()", "    b()", "  if c:", "def d():", ""]), max_size=8)


@given(contexts, contexts, st.data())
def test_pairs_are_one_to_one_and_the_same_when_old_and_new_are_swapped(left, right, data):
    quote = "x = 1"
    olds, news = (
        places("\n".join(row for one in rows for row in (one, f"    {quote}")), quote)
        for rows in (left, right)
    )
    found = pairs(olds, news)
    assert len(set(found.values())) == len(found)
    assert pairs(news, olds) == {old: new for new, old in found.items()}
    order = data.draw(st.permutations(range(len(news))))
    shuffled = pairs(olds, [news[index] for index in order])
    assert {order[new]: old for new, old in shuffled.items()} == found


@given(contexts, contexts)
def test_likeness_is_symmetric_and_whole_for_the_same(left, right):
    one, other = (places("\n".join([*rows, "x = 1"]), "x = 1")[0].context for rows in (left, right))
    assert anchor_likeness(one, one) == pytest.approx(1)
    assert anchor_likeness(one, other) == pytest.approx(anchor_likeness(other, one))
    assert 0 <= anchor_likeness(one, other) <= 1


def same_problem(old, new) -> bool:
    return (
        normalised(old.anchor.quote) == normalised(new.anchor.quote)
        and claims_agree(old, new)
        and bool(pairs([old.anchor], [new.anchor]))
    )


def test_the_same_problem_has_the_same_claim_code_and_surroundings():
    old, new = (report(rule="x/1", quote="pass", line=line) for line in (1, 9))
    assert same_problem(old, new)
    assert same_problem(new, old)
    assert not same_problem(old, report(rule="x/2", quote="pass"))
    assert not same_problem(old, report(rule="x/1", quote="continue"))


def test_edited_code_is_known_as_such_and_is_not_the_same():
    old = report(rule="x/1", quote="run(command, shell=True)")
    new = report(rule="x/1", quote="run(command, shell=True, timeout=3)")
    assert is_edited(old, new)
    assert not same_problem(old, new)
    assert not is_edited(old, report(rule="x/2", quote="run(command, shell=True, timeout=3)"))
    assert not is_edited(old, report(rule="x/1", quote="wholly = different"))
    assert not is_edited(old, report(rule="x/1", quote="run(command,  shell=True)"))
