"""The data file is whole: it takes from routing.toml only what is there."""

import tomllib
from importlib.resources import files

import pytest

from xreview.domain.stakes.stakes import WorkForm
from xreview.review.prompt.routing import routing
from xreview.review.stakes.lexicon import TaskText, WordList, lexicon


def test_all_that_is_risky_for_the_reading_order_is_a_topic() -> None:
    data = tomllib.loads(files("xreview.lenses").joinpath("stakes.toml").read_text("utf-8"))
    taken = [why for topic in data["topic"] for why in topic.get("routing", ())]
    known = {why for _, why, _ in (*routing().paths, *routing().words)}

    assert sorted(taken) == sorted(known)
    lent = {word for _, _, words in routing().words for word in words}
    assert set(data["only_code"]) <= lent


def test_topics_have_names_of_their_own() -> None:
    names = [topic.what for topic in lexicon().topics]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Migrations first", "migrations"),
        ("please LOG  in", "log in"),
        ("a blog inside", ""),
        ("userToken", "token"),
        ("a token2", "token"),
        ("access controls", "access control"),
        ("", ""),
    ],
)
def test_words_beginnings_and_phrases(text: str, found: str) -> None:
    words = WordList(["migrat*", "log in", "Token", "access control*"])

    assert words.said_in(TaskText(text)) == found


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("README.md", WorkForm.TEXT),
        ("docs/CLAUDE.md", WorkForm.LOGIC),
        (".claude/rules.md", WorkForm.LOGIC),
        ("requirements.txt", WorkForm.LOGIC),
        ("a.csv", WorkForm.DATA),
        ("a.svg", WorkForm.LOGIC),
        ("a.SCSS", WorkForm.INTERFACE),
        ("a.py", WorkForm.LOGIC),
        ("vendor/a.js", WorkForm.LOGIC),
        ("LICENSE-MIT", WorkForm.TEXT),
        ("licenses/MIT.txt", WorkForm.TEXT),
        ("CHANGELOG-1.2", WorkForm.TEXT),
        ("src/locale/de.json", WorkForm.DATA),
        # Names of folders and beginnings of names can be anyone's choice.
        ("changes/auth.zig", WorkForm.LOGIC),
        ("authors/login", WorkForm.LOGIC),
        ("NOTICE.zig", WorkForm.LOGIC),
        ("notes.md/Dockerfile", WorkForm.LOGIC),
        ("table.csv/auth.zig", WorkForm.LOGIC),
        ("theme.css/auth.zig", WorkForm.LOGIC),
        ("locale/de.json/auth.zig", WorkForm.LOGIC),
    ],
)
def test_how_a_file_is_checked(path: str, form: WorkForm) -> None:
    assert lexicon().form_of(path) is form
