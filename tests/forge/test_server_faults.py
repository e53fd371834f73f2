"""Each fault is what the real thing looks like on the wire, once, and then all is well again."""

import time

import httpx
import pytest

from tests.fakes.forge_server import faults

PULL = "/repos/acme/shop/pulls/7"


@pytest.fixture
def client(github, pull):
    headers = {"Authorization": f"Bearer {github.account('bob')}"}
    with httpx.Client(base_url=f"{github.host.origin}/api/v3", headers=headers) as opened:
        yield opened


@pytest.mark.parametrize(
    ("fault", "status", "header", "words"),
    [
        (faults.bad_credentials(), 401, "", "Bad credentials"),
        (faults.read_only(), 403, "x-accepted-github-permissions", "not accessible"),
        (faults.sso_required(), 403, "x-github-sso", "SAML"),
        (faults.not_found(), 404, "", "Not Found"),
        (faults.server_error(), 502, "", "Unicorn"),
        (faults.server_error(503), 503, "", "Unicorn"),
        (faults.primary_limit(), 403, "x-ratelimit-reset", "rate limit exceeded"),
        (faults.secondary_limit(9), 403, "retry-after", "secondary rate limit"),
        (faults.secondary_limit(9, status=429), 429, "retry-after", "secondary rate limit"),
        (faults.captive_page(), 200, "", "sign in to the network"),
        (faults.wrong_shape([1]), 200, "", "[1]"),
    ],
    ids=lambda value: value.name if isinstance(value, faults.Fault) else None,
)
def test_a_fault_comes_once(github, client, fault, status, header, words):
    github.fail(next=fault)
    broken = client.get(PULL)
    assert broken.status_code == status
    assert words in broken.text
    assert not header or header in broken.headers
    assert client.get(PULL).json()["number"] == 7


def test_the_limit_says_when_it_ends(github, client):
    github.fail(next=faults.primary_limit(reset_in=600))
    headers = client.get(PULL).headers
    assert headers["x-ratelimit-remaining"] == "0"
    assert 0 < int(headers["x-ratelimit-reset"]) - time.time() <= 600


def test_a_fault_can_come_more_often_and_only_for_some(github, client):
    github.fail(next=faults.server_error(), times=2, path="/files")
    assert client.get(PULL).status_code == 200
    statuses = [client.get(f"{PULL}/files").status_code for _ in range(3)]
    assert statuses == [502, 502, 200]


def test_a_redirect_leads_elsewhere(github, client):
    github.fail(next=faults.redirect("http://elsewhere.example"))
    answer = client.get(PULL)
    assert answer.headers["location"] == f"http://elsewhere.example/api/v3{PULL}"


def test_a_reply_can_break_off(github, client):
    github.fail(next=faults.cut_off())
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(PULL)
    assert client.get(PULL).status_code == 200


def test_the_next_page_can_be_elsewhere(github, client):
    github.fail(next=faults.foreign_next_page("http://elsewhere.example"))
    assert client.get(f"{PULL}/reviews").links["next"]["url"].startswith("http://elsewhere")


def test_graphql_says_its_limit_with_200(github, client):
    github.fail(next=faults.graphql_limit(), path="/graphql")
    answer = client.post(
        f"{github.host.origin}/api/graphql", json={"query": "query{viewer{login}}"}
    )
    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (200, "RATE_LIMITED")


def test_git_meets_faults_too(github, client):
    github.fail(next=faults.server_error(), path="/info/refs")
    url = f"{github.host.origin}/acme/shop.git/info/refs?service=git-upload-pack"
    assert [httpx.get(url).status_code for _ in range(2)] == [502, 200]
