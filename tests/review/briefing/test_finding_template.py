"""The repository's own template, from before the change."""

from pathlib import Path

import pytest

from tests.repo.builder import Builder
from xreview.domain.errors import ChangeError, UsageError
from xreview.domain.pull.address import ForgeKind
from xreview.repo.repository import find_repository
from xreview.review.briefing.finding_template import found_template, template_from

GITHUB, GITLAB, GITEA = ForgeKind.GITHUB, ForgeKind.GITLAB, ForgeKind.GITEA


@pytest.fixture
def made(tmp_path: Path) -> Builder:
    return Builder(tmp_path / "r")


def path_in(made: Builder, kind: ForgeKind | None = None) -> str:
    found = found_template(find_repository(made.top), None, kind)
    return found.path if found else ""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".github/pull_request_template.md", GITHUB),
        (".github/PULL_REQUEST_TEMPLATE.md", GITHUB),
        ("docs/pull_request_template.md", GITHUB),
        ("PULL_REQUEST_TEMPLATE", GITHUB),
        (".github/PULL_REQUEST_TEMPLATE/bug.md", GITHUB),
        ("docs/PULL_REQUEST_TEMPLATE/bug.md", GITHUB),
        (".gitlab/merge_request_templates/Default.md", GITLAB),
        (".gitlab/merge_request_templates/feature.md", GITLAB),
        (".gitea/PULL_REQUEST_TEMPLATE.md", GITEA),
        (".forgejo/pull_request_template.md", GITEA),
        (".github/pull_request_template.md", GITEA),
        (".github/pull_request_template.md", None),
    ],
)
def test_a_template_is_found_in_its_usual_place(made: Builder, path: str, kind: ForgeKind | None):
    made.write(path, "## What\n")
    made.write("docs/other.md", "## Other\n")
    made.commit("first")
    assert path_in(made, kind) == path


def test_a_forge_has_its_own_first(made: Builder):
    made.write(".github/pull_request_template.md", "## G\n")
    made.write(".gitlab/merge_request_templates/Bug.md", "## B\n")
    made.write(".gitlab/merge_request_templates/default.md", "## D\n")
    made.commit("first")
    assert path_in(made, GITHUB) == ".github/pull_request_template.md"
    assert path_in(made, GITLAB) == ".gitlab/merge_request_templates/default.md"


def test_the_change_does_not_choose_its_own_template(made: Builder):
    made.write("a.py", "1\n")
    base = made.commit("first")
    made.write("pull_request_template.md", "## Approved\n")
    made.commit("second")
    assert found_template(find_repository(made.top), base) is None
    assert path_in(made) == "pull_request_template.md"


@pytest.mark.parametrize("base", ["--name-only", "-d", "HEAD^", ""])
def test_a_base_that_is_no_object_id_never_reaches_git(made: Builder, base: str):
    made.write("pull_request_template.md", "## What\n")
    made.commit("first")
    found = found_template(find_repository(made.top), base)
    assert found is not None
    assert found.path == "pull_request_template.md"


def test_links_and_large_files_are_none(made: Builder):
    made.write("secret.txt", "key\n")
    (made.top / "pull_request_template.md").symlink_to("secret.txt")
    made.commit("first")
    assert path_in(made) == ""
    (made.top / "pull_request_template.md").unlink()
    made.write("pull_request_template.md", "x" * 1_000_000)
    made.commit("second")
    with pytest.raises(ChangeError, match="larger than 64 KiB"):
        path_in(made)


def test_a_file_of_the_users_must_be_text():
    with pytest.raises(UsageError, match="isn't a text file"):
        template_from("a.bin", b"\0")
    assert template_from("t.md", b"## What\n").path == "t.md"
