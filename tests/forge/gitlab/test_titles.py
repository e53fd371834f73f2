import pytest

from xreview.domain.pull.address import ForgeHost, ForgeKind
from xreview.forge.gitlab.reading import gitlab_summary

HOST = ForgeHost(ForgeKind.GITLAB, "https://gitlab.com")


@pytest.mark.parametrize(
    ("title", "is_draft", "shown"),
    [
        ("Draft: Retry", True, "Retry"),
        ("[Draft] Retry", True, "Retry"),
        ("(Draft) Retry", True, "Retry"),
        ("WIP: Retry", True, "Retry"),
        ("Draft: Draft: Retry", True, "Draft: Retry"),
        ("Drafting rules", True, "Drafting rules"),
        ("Draft: is a word here", False, "Draft: is a word here"),
    ],
)
def test_the_mark_of_a_draft_is_not_said_twice(title, is_draft, shown):
    found = gitlab_summary(HOST, "g/p", {"iid": 1, "title": title, "draft": is_draft})
    assert found is not None
    assert (found.title, found.is_draft) == (shown, is_draft)
