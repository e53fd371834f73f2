"""A session keeps who wrote the change, who reads it, how much attention it deserves, and what a
person says of it."""

from dataclasses import replace

from tests.review.session.test_session import ScriptedReviewer, journal, session  # noqa: F401 - a fixture
from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.authorship.author import MIXED, Attribution, Author
from xreview.domain.events.event import (
    AttentionWeighed,
    AuthorAnswered,
    AuthorAttributed,
    OpponentChosen,
)
from xreview.domain.events.review_events import WeighedFile
from xreview.domain.report import Confidence, ReviewerKind
from xreview.domain.stakes.stakes import Risk, Stakes, WorkKind
from xreview.domain.viewed import diff_digest
from xreview.journal.store import Journal
from xreview.review.choosing.choice import Candidate
from xreview.review.choosing.opponent import choose

AUTHOR = Author("claude-code", "anthropic", "opus", ("trailer: anthropic",), Confidence.HIGH)
OPUS = Candidate("opus", "anthropic", ReviewerKind.MODEL)


async def test_attribution_is_in_the_snapshot_and_in_the_journal(journal):  # noqa: F811
    made = session(journal, ScriptedReviewer())
    await made.open()
    by_path = {"a.py": AUTHOR, "b.py": Author(vendor="openai"), "c.py": Author(vendor=MIXED)}
    attribution = Attribution(AUTHOR, by_path)
    choice = choose(attribution, [OPUS], ["opus"])
    await made.attribute(attribution, choice)
    assert made.snapshot.author == AUTHOR
    assert made.snapshot.attribution is attribution
    assert made.snapshot.choice is choice
    await made.answer_author(AuthorAnswered("main", "openai"))
    await made.close()
    with Journal.open(journal) as opened:
        written = [event.payload for event in opened.events()]
    attributed = next(one for one in written if isinstance(one, AuthorAttributed))
    assert attributed.author == AUTHOR
    assert attributed.families == {"b.py": "openai", "c.py": ""}
    chosen = next(one for one in written if isinstance(one, OpponentChosen))
    assert chosen.same_family == ("opus",)
    assert AuthorAnswered("main", "openai") in written
    assert made.snapshot.unsaved == 0


async def test_attention_is_shown_and_recorded_again_only_if_it_changes(journal):  # noqa: F811
    made = session(journal, ScriptedReviewer())
    await made.open()
    why = AttentionReason(AttentionQuestion.COST, "it touches money", "a.py")
    stakes = Stakes(risks=(Risk("money", WorkKind.MONEY, "a.py"),))
    study = Attention(AttentionLevel.STUDY, (why,))
    first = ChangeAttention(study, {"a.py": study})
    decide = replace(first, change=Attention(AttentionLevel.DECIDE))
    for attention in (first, replace(first), decide):
        await made.weigh(stakes, attention)
        assert made.snapshot.attention == attention
    await made.close()
    with Journal.open(journal) as opened:
        written = [event.payload for event in opened.events(types=(AttentionWeighed,))]
    changed = next(one for one in made.snapshot.files if one.path == "a.py")
    file = WeighedFile("a.py", AttentionLevel.STUDY, ("money",), diff_digest(changed))
    assert written == [
        AttentionWeighed(level, why, (file,))
        for level, why in (
            (AttentionLevel.STUDY, ("it touches money (a.py)",)),
            (AttentionLevel.DECIDE, ()),
        )
    ]
