"""Writing a description into a pull request: what it stops at, and what it records."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.forge import ADDRESS, HEAD, ME, NEXT_HEAD, MemoryForge
from xreview.domain.briefing.markers import BEGIN, brief_digest, joined_description
from xreview.domain.errors import UsageError
from xreview.domain.events.event import DescriptionPosted
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.review.pulls.describing import LONGEST_DESCRIPTION, PullDescribing
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.post_consent import PostConsents


class Made:
    def __init__(self, folder: Path) -> None:
        self.forge = MemoryForge(body="Mine.")
        self.recorded: list = []
        self.consents = PostConsents(folder)

        async def record(*payloads) -> None:
            self.recorded += payloads

        place = PostPlace(
            ADDRESS,
            HEAD,
            lambda: self.forge,
            lambda _: (),
            lambda: (),
            record,
            self.consents,
            lambda: "2026-12-01",
        )
        self.describing = PullDescribing(place, folder / "none.sqlite3")


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


async def test_nothing_is_written_without_consent(made: Made):
    preview = await made.describing.preview("Other", "Ours.")
    assert preview.needs_consent
    with pytest.raises(UsageError, match="nobody agreed"):
        await made.describing.write(preview)
    assert made.forge.sent == []
    await made.describing.agree()
    await made.describing.write(preview)
    assert made.forge.body == joined_description("Mine.", "Ours.")
    assert made.recorded == [
        DescriptionPosted(ADDRESS.url, ME.login, brief_digest("Ours."), "Mine.")
    ]


async def test_new_commits_and_edits_stop_it(made: Made):
    made.consents.allow(ADDRESS, ME, "2026-12-01")
    preview = await made.describing.preview("", "Ours.")
    made.forge.head = NEXT_HEAD
    with pytest.raises(UsageError, match="new commits"):
        await made.describing.write(preview)
    made.forge.head, made.forge.body = HEAD, "Mine, edited."
    with pytest.raises(UsageError, match="since the preview"):
        await made.describing.write(preview)
    assert made.forge.sent == []


async def test_a_part_of_someone_else_is_not_touched(made: Made):
    made.forge.body = joined_description("Mine.", "Forged.")
    with pytest.raises(UsageError, match="someone else wrote it"):
        await made.describing.preview("", "Ours.")


async def test_only_a_title_made_of_the_branch_is_replaced(made: Made):
    assert (await made.describing.preview("Sell with refunds", "Ours.")).title == ""
    made.forge.title = "Sell"
    assert (
        await made.describing.preview("Sell with refunds", "Ours.")
    ).title == "Sell with refunds"


async def test_a_text_that_does_not_fit_is_refused(made: Made):
    with pytest.raises(UsageError, match="characters"):
        await made.describing.preview("", "x" * LONGEST_DESCRIPTION)


async def test_our_text_brings_no_markers_of_its_own(made: Made):
    preview = await made.describing.preview("", f"Ours. {BEGIN} more")
    assert preview.body.count(BEGIN) == 1


async def test_a_refusal_records_nothing(made: Made):
    made.consents.allow(ADDRESS, ME, "2026-12-01")
    preview = await made.describing.preview("", "Ours.")
    made.forge.refusals["describe"] = [ForgeError(ForgeFailure.FORBIDDEN, "No.")]
    with pytest.raises(ForgeError):
        await made.describing.write(preview)
    assert made.recorded == []
    assert replace(preview).is_unchanged is False
