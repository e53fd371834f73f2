from dataclasses import replace

import pytest

from tests.fakes.reports import added_file
from tests.fakes.reviewer import GivenContents, raw
from xreview.domain.change import Change, ChangeKind, ChangeSource
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.review.session.ground import Grounding

TEXT = """def first():
    try:
        load()
    except Exception:
        pass

def second():
    try:
        load()
    except Exception:
        pass
"""


def grounding(text: str = TEXT, path: str = "a.py") -> Grounding:
    source = ChangeSource(ChangeKind.WORKTREE, "worktree", "")
    return Grounding(
        Change(source, (added_file(path, *text.split("\n")),)), GivenContents({path: text})
    )


async def test_the_occurrence_nearest_to_the_claimed_line_is_taken():
    report = await grounding().check(raw("t", "a.py", 8, "except Exception:\n    pass"), Lens.RISK)
    assert (report.anchored, report.anchor.start_line, report.anchor.end_line) == (True, 10, 11)


async def test_what_would_settle_it_is_kept():
    said = replace(raw("t", "a.py", 8, "load()"), settle="Let load() raise.")
    report = await grounding().check(said, Lens.RISK)
    assert report.settle == "Let load() raise."


async def test_white_space_does_not_matter():
    report = await grounding().check(raw("t", "a.py", 1, "load( )".replace(" ", "")), Lens.RISK)
    assert report.anchor.start_line == 3


async def test_a_quote_that_is_not_there_is_kept_but_unanchored():
    report = await grounding().check(raw("t", "a.py", 3, "launch_missiles()"), Lens.RISK)
    assert not report.anchored
    assert report.title == "t"


async def test_an_empty_quote_is_unanchored():
    assert not (await grounding().check(raw("t", "a.py", 3, "\n  \n"), Lens.RISK)).anchored


async def test_a_file_outside_the_change_is_unanchored():
    assert not (await grounding().check(raw("t", "other.py", 3, "load()"), Lens.RISK)).anchored


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "../a.py", "./a.py", ""])
async def test_a_path_that_leads_outside_is_never_opened(path):
    opened: list[str] = []

    class Opened(GivenContents):
        async def read(self, file, side):
            opened.append(file.path)
            return await super().read(file, side)

    source = ChangeSource(ChangeKind.WORKTREE, "worktree", "")
    change = Change(source, (added_file("a.py", *TEXT.split("\n")),))
    found = await Grounding(change, Opened({"a.py": TEXT})).check(
        raw("t", path, 3, "load()"), Lens.RISK
    )
    assert not found.anchored
    assert opened == []


async def test_the_line_is_known_to_github_by_its_hash():
    report = await grounding("a\nb\n  \t\tc\n d").check(raw("t", "a.py", 2, "b"), Lens.RISK)
    assert report.anchor.context.line_hash == "54703d4cd895b18:1"


async def test_part_of_a_line_is_found():
    report = await grounding().check(raw("t", "a.py", 7, "second()"), Lens.RISK)
    assert report.anchor.start_line == 7


async def test_twins_have_names_of_their_own_that_survive_lines_above():
    first, second = [
        (await grounding().check(raw("t", "a.py", line, "except Exception:"), Lens.RISK))
        for line in (4, 10)
    ]
    assert first.fingerprint != second.fingerprint
    moved = grounding("import os\n\n" + TEXT)
    again = await moved.check(raw("t", "a.py", 12, "except Exception:"), Lens.RISK)
    assert again.fingerprint == second.fingerprint
    renamed = grounding(TEXT.replace("    ", "\t"), "b.py")
    there = await renamed.check(raw("t", "b.py", 4, "\texcept Exception:"), Lens.RISK)
    assert there.fingerprint == first.fingerprint


def claimed(claim: str, title: str = "Race", line: int = 4, **changed: object):
    """What a model claims about the first `except`."""
    said = raw(title, "a.py", line, "except Exception:")
    return replace(said, rule="", claim_key="model/race", claim=claim, **changed)


LOST = "Two requests both pass the balance check and one payment is lost."
EARLY = "The lock is released before the commit, so others read what was."


async def test_two_claims_of_one_kind_about_one_line_are_two_problems():
    ground = grounding()
    first, second, again = [
        (await ground.check(claimed(one), Lens.RISK)).fingerprint for one in (LOST, EARLY, LOST)
    ]
    (alone,) = [(await grounding().check(claimed(EARLY), Lens.RISK)).fingerprint]
    assert first == again == alone  # alone, a problem keeps the name it always had
    assert second != first


async def test_a_claim_said_again_in_nearly_the_same_words_is_one_problem():
    ground = grounding()
    names = {
        (await ground.check(claimed(one), Lens.RISK)).fingerprint
        for one in (LOST, LOST.upper(), "Two requests pass the balance check: one payment is lost.")
    }
    assert len(names) == 1


async def test_another_reviewer_s_claim_is_not_told_apart():
    ground = grounding()
    other = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic")
    first = await ground.check(claimed(LOST), Lens.RISK)
    second = await ground.check(claimed(EARLY, reviewer=other), Lens.RISK)
    assert first.fingerprint == second.fingerprint


async def test_what_is_told_apart_has_a_name_of_its_content():
    third = "A reader waits for ever on the queue."
    orders = [(LOST, EARLY, third), (LOST, third, EARLY)]
    found = []
    for order in orders:
        ground = grounding()
        found.append(
            {one: (await ground.check(claimed(one), Lens.RISK)).fingerprint for one in order}
        )
    assert found[0] == found[1]
    assert len(set(found[0].values())) == 3
