"""The setting `forges`: hosts of the user's own, which no repository can name."""

from pathlib import Path

import pytest

from xreview.config.forges import ForgeTable
from xreview.config.kinds import Unfit
from xreview.config.load import Loaded, PolicyFile, load
from xreview.config.paths import Folders
from xreview.domain.pull.address import ForgeKind


def loaded(folder: Path, text: str, policy: str = "") -> Loaded:
    (folder / "config.toml").write_text(text)
    found = PolicyFile(".xreview.toml", policy.encode()) if policy else None
    return load(Folders(folder, folder, folder, folder), found, {})


def test_a_host_or_an_origin_has_a_kind(tmp_path: Path):
    text = """[forges]
"git.example" = "gitlab"
"https://tea.example:3000/" = "forgejo"
"http://127.0.0.1:8080" = "gitea"
"""
    assert loaded(tmp_path, text).checked().forges == {
        "https://git.example": ForgeKind.GITLAB,
        "https://tea.example:3000": ForgeKind.GITEA,
        "http://127.0.0.1:8080": ForgeKind.GITEA,
    }


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("git.example", "a table"),
        ({"git.example": "svn"}, "it can be github"),
        ({"git.example": 1}, "it can be github"),
        ({"http://git.example": "github"}, "plain http"),
        ({"git.example/path": "github"}, "has a path"),
        ({"https://me:key@git.example": "github"}, "user name or password"),
        ({"git example": "github"}, "isn't a host"),
        ({"": "github"}, "isn't a host"),
    ],
)
def test_anything_else_is_refused(raw: object, said: str):
    with pytest.raises(Unfit, match=said):
        ForgeTable().parse(raw)


def test_a_repository_can_not_set_it(tmp_path: Path):
    found = loaded(tmp_path, "", '[forges]\n"evil.example" = "github"\n')
    assert found.settings.forges == {}
    assert "can't set `forges`" in str(found.problems[0])
