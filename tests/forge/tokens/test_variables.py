"""A variable's token goes to the host that the vendor's programs use it for, and to no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.pull.address import ForgeHost, ForgeKind
from xreview.forge.tokens.variables import token_variable, user_for
from xreview.repo.hardened.secret_variables import is_key

EVERY = {
    name: f"token-of-{name}"
    for name in (
        *("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"),
        *("GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN", "GITEA_TOKEN", "GITEA_SERVER_TOKEN"),
        *("FORGEJO_TOKEN", "BITBUCKET_TOKEN"),
    )
}


def host(name: str, kind: ForgeKind = ForgeKind.GITHUB) -> ForgeHost:
    return ForgeHost(kind, f"https://{name}")


@pytest.mark.parametrize(
    ("where", "environ", "variable"),
    [
        (host("github.com"), EVERY, "GH_TOKEN"),
        (host("github.com"), {"GITHUB_TOKEN": "x"}, "GITHUB_TOKEN"),
        (host("github.com"), {"GH_TOKEN": " ", "GITHUB_TOKEN": "x"}, "GITHUB_TOKEN"),
        (host("acme.ghe.com"), EVERY, "GH_TOKEN"),
        (host("git.example"), {**EVERY, "GH_HOST": "git.example"}, "GH_ENTERPRISE_TOKEN"),
        (host("git.example"), {**EVERY, "GH_HOST": "Git.Example"}, "GH_ENTERPRISE_TOKEN"),
        (host("gitlab.com", ForgeKind.GITLAB), EVERY, "GITLAB_TOKEN"),
        (
            host("lab.example", ForgeKind.GITLAB),
            {**EVERY, "GITLAB_HOST": "https://lab.example/"},
            "GITLAB_TOKEN",
        ),
        (
            host("tea.example:3000", ForgeKind.GITEA),
            {**EVERY, "GITEA_SERVER_URL": "https://tea.example:3000"},
            "GITEA_TOKEN",
        ),
        (
            host("codeberg.org", ForgeKind.GITEA),
            {**EVERY, "FORGEJO_SERVER_URL": "https://codeberg.org"},
            "FORGEJO_TOKEN",
        ),
        (host("bitbucket.org", ForgeKind.BITBUCKET), EVERY, "BITBUCKET_TOKEN"),
    ],
)
def test_a_host_gets_its_own(where: ForgeHost, environ: dict[str, str], variable: str):
    assert token_variable(where, environ) == variable


@pytest.mark.parametrize(
    ("where", "environ"),
    [
        (host("git.example"), EVERY),
        (host("git.example"), {**EVERY, "GH_HOST": "other.example"}),
        (host("git.example:8443"), {**EVERY, "GH_HOST": "git.example"}),
        (host("github.com.example"), EVERY),
        (host("evilghe.com"), EVERY),
        (host("github.com"), {"GH_ENTERPRISE_TOKEN": "x", "GH_HOST": "github.com"}),
        (host("github.com"), {"GITHUB_TOKEN": "x", "GITHUB_SERVER_URL": "https://git.example"}),
        (host("gitlab.com", ForgeKind.GITLAB), {**EVERY, "GITLAB_HOST": "lab.example"}),
        (host("lab.example", ForgeKind.GITLAB), EVERY),
        (host("github.com", ForgeKind.GITLAB), EVERY),
        (host("codeberg.org", ForgeKind.GITEA), EVERY),
        (host("bitbucket.example", ForgeKind.BITBUCKET), EVERY),
    ],
)
def test_no_other_host_gets_it(where: ForgeHost, environ: dict[str, str]):
    assert token_variable(where, environ) == ""


@given(st.from_regex(r"[a-z0-9.-]{1,30}", fullmatch=True), st.sampled_from(ForgeKind))
def test_a_pasted_host_gets_nothing(name: str, kind: ForgeKind):
    known = ("github.com", "gitlab.com", "bitbucket.org")
    if name not in known and not name.endswith(".ghe.com"):
        assert token_variable(host(name, kind), EVERY) == ""


def test_bitbucket_has_a_user():
    environ = {**EVERY, "BITBUCKET_USERNAME": "ada"}
    assert user_for(host("bitbucket.org", ForgeKind.BITBUCKET), environ) == "ada"
    assert user_for(host("github.com"), environ) == ""


@pytest.mark.parametrize("name", EVERY)
def test_children_do_not_see_them(name: str):
    assert is_key(name)
