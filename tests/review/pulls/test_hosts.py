"""Which hosts count as forges."""

import pytest

from xreview.domain.pull.address import ForgeHost, ForgeKind
from xreview.review.pulls.hosts import known_host, known_hosts


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("github.com", ForgeKind.GITHUB),
        ("GitHub.com", ForgeKind.GITHUB),
        ("acme.ghe.com", ForgeKind.GITHUB),
        ("gitlab.com", ForgeKind.GITLAB),
        ("codeberg.org", ForgeKind.GITEA),
        ("gitea.com", ForgeKind.GITEA),
        ("bitbucket.org", ForgeKind.BITBUCKET),
    ],
)
def test_public_forges_are_known(name: str, kind: ForgeKind):
    assert known_host(name, {}, {}) == ForgeHost(kind, f"https://{name.lower()}")


@pytest.mark.parametrize(
    "name", ["git.example", "github.com.example", "ghe.com", "evilghe.com", "github.com:8443", ""]
)
def test_no_other_host_is(name: str):
    assert known_host(name, {}, {}) is None


@pytest.mark.parametrize(
    ("variable", "value", "kind"),
    [
        ("GH_HOST", "git.example", ForgeKind.GITHUB),
        ("GITLAB_HOST", "https://git.example/", ForgeKind.GITLAB),
        ("GITEA_SERVER_URL", "https://git.example", ForgeKind.GITEA),
    ],
)
def test_a_variable_of_the_user_makes_one_known(variable: str, value: str, kind: ForgeKind):
    found = known_host("git.example", {}, {variable: value})
    assert found == ForgeHost(kind, "https://git.example")


@pytest.mark.parametrize("value", ["http://git.example", "https://git.example/path", "a\nb", ""])
def test_an_odd_variable_names_none(value: str):
    assert len(known_hosts({}, {"GH_HOST": value})) == len(known_hosts({}, {}))


def test_the_users_own_setting_wins_and_has_its_port():
    forges = {"https://git.example:8443": ForgeKind.GITEA}
    found = ForgeHost(ForgeKind.GITEA, "https://git.example:8443")
    assert known_host("git.example:8443", forges, {}) == found
    assert known_host("git.example", forges, {}) == found, "ssh has a port of its own"
    own = {"https://github.com": ForgeKind.GITLAB}
    assert known_host("github.com", own, {}) == ForgeHost(ForgeKind.GITLAB, "https://github.com")
    assert known_hosts(forges, {})[0] == found
