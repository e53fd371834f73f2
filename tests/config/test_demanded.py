"""What the settings of the user and of a repository demand together."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.config.demanded import demanded_levels
from xreview.config.load import load
from xreview.config.paths import folders
from xreview.config.schema import Settings
from xreview.config.tables import AttentionSettings
from xreview.domain.attention.level import AttentionLevel

PATHS = ("src/ledger/post.py", "src/ui/a.css", "deploy/main.tf", "docs/a.md")


def loaded(tmp_path: Path, own: str, theirs: str, environ: dict[str, str] | None = None):
    (tmp_path / "config.toml").write_text(own, "utf-8")
    file = tmp_path / ".xreview.toml"
    file.write_text(theirs, "utf-8")
    places = {"XREVIEW_CONFIG_DIR": str(tmp_path), "XREVIEW_DATA_DIR": str(tmp_path)}
    return load(folders(places), file, environ or {})


def levels(tmp_path: Path, own: str, theirs: str) -> dict[str, AttentionLevel]:
    return dict(demanded_levels(loaded(tmp_path, own, theirs).checked(), PATHS))


def test_both_files_add_up_and_the_highest_level_counts(tmp_path: Path) -> None:
    own = '[attention]\nstudy = ["src/"]\nread = ["*.md"]'
    theirs = '[attention]\ndecide = ["src/ledger/"]\nskim = ["*.css", "*.md"]'

    assert levels(tmp_path, own, theirs) == {
        "src/ledger/post.py": AttentionLevel.DECIDE,
        "src/ui/a.css": AttentionLevel.STUDY,
        "docs/a.md": AttentionLevel.READ,
    }


@pytest.mark.parametrize("theirs", ['study = ["!src/"]', 'skim = ["src/"]', "study = []"])
def test_a_repository_takes_nothing_back(tmp_path: Path, theirs: str) -> None:
    found = levels(tmp_path, '[attention]\nstudy = ["src/"]', f"[attention]\n{theirs}")

    assert found["src/ledger/post.py"] is AttentionLevel.STUDY


def test_a_list_can_except_files_from_its_own_patterns(tmp_path: Path) -> None:
    found = levels(tmp_path, '[attention]\nstudy = ["src/*", "!src/ui"]', "")

    assert found == {"src/ledger/post.py": AttentionLevel.STUDY}


PATTERNS = st.lists(
    st.sampled_from(["src/", "*.py", "!src/", "!*", "*", "docs/**", "!*.md", "deploy/*.tf"]),
    max_size=3,
).map(tuple)
TABLES = st.builds(AttentionSettings, PATTERNS, PATTERNS, PATTERNS, PATTERNS)


@given(TABLES, TABLES)
def test_no_repository_lowers_what_the_user_demands(
    own: AttentionSettings, theirs: AttentionSettings
) -> None:
    alone = demanded_levels(Settings(attention=own), PATHS)
    both = demanded_levels(Settings(attention=own, repository_attention=theirs), PATHS)

    assert all(both[path] >= level for path, level in alone.items())


@pytest.mark.parametrize(
    ("own", "theirs", "required"),
    [
        ("", "", 0),
        ("require_human = 4", "", 4),
        ("require_human = 4", "require_human = 2", 4),
        ("require_human = 4", "require_human = 0", 4),
        ('require_human = "study"', 'require_human = "decide"', 5),
        ("", "require_human = 3", 3),
    ],
)
def test_a_repository_can_only_raise_what_is_required(
    tmp_path: Path, own: str, theirs: str, required: int
) -> None:
    assert loaded(tmp_path, own, theirs).checked().require_human == required


def test_the_users_environment_has_the_last_word(tmp_path: Path) -> None:
    found = loaded(tmp_path, "", "require_human = 5", {"XREVIEW_REQUIRE_HUMAN": "Skim"})

    assert found.checked().require_human == 2


def test_patterns_with_a_flaw_are_refused_with_their_line(tmp_path: Path) -> None:
    problems = loaded(tmp_path, "", '\n[attention]\nstudy = ["#a"]').problems

    assert [problem.line for problem in problems] == [2]
    assert "`study` can't be set" in str(problems[0])


def test_where_both_come_from_is_told(tmp_path: Path) -> None:
    own, theirs = '[attention]\nstudy = ["a"]', '[attention]\nstudy = ["b"]'
    origin = loaded(tmp_path, own, theirs).origins["attention"]

    assert origin == f"{tmp_path}/config.toml:1, {tmp_path}/.xreview.toml:1"
