"""The attention of real changes, also where a part of it can't be read."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from xreview.config.schema import Settings
from xreview.config.tables import AttentionSettings
from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.change import FileDiff
from xreview.domain.errors import ChangeError, JournalError
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.attention import reading
from xreview.review.attention.reading import read_attention
from xreview.review.session.whole_change import WholeChange, read_to_end

COLOUR = "def mixed_colour(left, right):\n    return left + right\n"
REFUND = "def refund(payment):\n    return payment.amount\n"


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WholeChange:
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "project")
    builder.write("README.md", "# Colours\n")
    builder.commit("first")
    builder.write("colours.py", COLOUR)
    builder.write("src/refunds.py", REFUND)
    request = ChangeRequest(builder.top)
    collected = collect(request)
    read = read_to_end(collected, request)
    collected.close()
    return read


def attention(change: WholeChange, tmp_path: Path, **settings: object) -> ChangeAttention:
    return read_attention(change, Settings(**settings), tmp_path / "none.sqlite3")[1]  # type: ignore[arg-type]


def test_each_file_and_the_change_have_a_level_with_its_reasons(change, tmp_path) -> None:
    stakes, found, told = read_attention(change, Settings(), tmp_path / "none.sqlite3")

    assert not told
    assert set(found.files) == {"colours.py", "src/refunds.py"}
    assert found.files["src/refunds.py"].level >= AttentionLevel.STUDY
    assert found.files["colours.py"].level < AttentionLevel.STUDY
    assert found.change.level == found.files["src/refunds.py"].level
    assert any(one.path == "src/refunds.py" for one in stakes.risks)


def test_what_cant_be_looked_up_is_told(change, tmp_path) -> None:
    (change.repository.top / "coverage.xml").write_text("<html/>")

    told = read_attention(change, Settings(), tmp_path / "none.sqlite3").notices

    assert len(told) == 1
    assert "coverage.xml isn't read" in told[0]


def test_the_user_can_leave_files_out_and_the_repository_cant(change, tmp_path) -> None:
    by_user = attention(change, tmp_path, ignore=("src/",))
    by_repository = attention(change, tmp_path, repository_ignore=("src/",))

    assert set(by_user.files) == {"colours.py"}
    assert by_repository == attention(change, tmp_path)


@pytest.mark.parametrize(
    ("part", "error", "least", "said"),
    [
        ("read_stakes", ChangeError("git failed"), 5, "what it touches couldn't be read: git fail"),
        ("find_facts", ChangeError("git failed"), 4, "what tests and uses it couldn't be read"),
        ("find_facts", RuntimeError("a bug"), 4, "because of a bug"),
        ("read_experience", JournalError("locked"), 4, "earlier reviews couldn't be read: locked"),
        ("attention_of", ValueError("a bug"), 5, "because of a bug"),
    ],
)
def test_what_cant_be_read_makes_the_level_no_lower_and_is_a_reason(
    change, tmp_path, monkeypatch, part, error, least, said
) -> None:
    whole = attention(change, tmp_path)

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(reading, part, fail)
    found = attention(change, tmp_path)

    for path in ("colours.py", "src/refunds.py"):
        assert found.files[path].level >= least
        assert found.files[path].level >= whole.files[path].level
        assert any(said in one.words and one.path == path for one in found.files[path].reasons)
    assert found.change.level >= least
    assert any(said in one.words for one in found.change.reasons)


def test_settings_demand_a_level_also_of_a_renamed_file(change, tmp_path) -> None:
    demands = AttentionSettings(decide=("old/colours.py",))
    moved = replace(change, files=tuple(_moved(one) for one in change.files))

    found = attention(moved, tmp_path, attention=demands)

    assert found.files["colours.py"].level is AttentionLevel.DECIDE
    assert found.change.level is AttentionLevel.DECIDE


def _moved(file: FileDiff) -> FileDiff:
    return replace(file, old_path=f"old/{file.path}")
