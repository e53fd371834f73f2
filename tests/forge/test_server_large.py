"""The double's limits for large pull requests are those of GitHub."""

import httpx
import pytest

from tests.fakes.forge_server import ForgeServer
from tests.repo.builder import Builder, isolate

LARGE = "x" * 150_000


PULL = "/pulls/7"


@pytest.fixture(params=[300])
def wide(request, github, tmp_path, monkeypatch):
    """A client for a pull request of so many files, the first of them large, the second binary."""
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "wide")
    builder.commit("first")
    files = {f"f{number:04d}.txt": f"{number}\n" for number in range(request.param)}
    files |= {"f0000.txt": f"{LARGE}\n", "f0001.txt": "\0\0\n"}
    script = ["commit refs/heads/topic", "committer A <a@example.org> 1700000000 +0000"]
    script += ["data 1", "x", "from refs/heads/main"]
    for path, content in files.items():
        script += [f"M 100644 inline {path}", f"data {len(content)}", content]
    builder.git("fast-import", "--quiet", input=("\n".join(script) + "\n").encode())
    github.account("ada")
    project = github.project("acme/wide", builder.top)
    pull = project.open_pull(7, head="topic", author="ada")
    headers = {"Authorization": f"Bearer {github.account('bob')}"}
    url = f"{github.host.origin}/api/v3/repos/acme/wide"
    with httpx.Client(base_url=url, headers=headers) as client:
        yield client, request.param, pull


@pytest.mark.parametrize("wide", [300, 3001], indirect=True)
def test_three_thousand_files_are_listed_and_three_hundred_are_one_diff(wide):
    client, count, _ = wide
    assert client.get(PULL).json()["changed_files"] == count
    listed = [
        len(client.get(f"{PULL}/files?per_page=100&page={page}").json()) for page in (1, 3, 30, 31)
    ]
    assert listed == ([100, 100, 100, 0] if count > 3000 else [100, 100, 0, 0])
    diff = client.get(PULL, headers={"Accept": "application/vnd.github.diff"})
    assert diff.status_code == (406 if count > 300 else 200)
    if count > 300:
        assert diff.json()["errors"][0]["code"] == "too_large"


def test_large_and_binary_files_have_no_patch(wide):
    first, second, third = wide[0].get(f"{PULL}/files?per_page=3").json()
    assert ("patch" in first, "patch" in second) == (False, False)
    assert third["patch"] == "@@ -0,0 +1 @@\n+2"


def test_many_comments_come_in_pages(wide):
    client, _, pull = wide
    for number in range(250):
        pull.comment("ada", "f0002.txt", 1, f"comment {number}")
    bodies, url = [], f"{PULL}/comments?per_page=100"
    while url:
        answer = client.get(url)
        bodies += [one["body"] for one in answer.json()]
        url = answer.links.get("next", {}).get("url")
    assert bodies == [f"comment {number}" for number in range(250)]


def test_a_server_that_remembers_answers_as_before(shop):
    with ForgeServer(checks=False, remembers=True) as server:
        headers = {"Authorization": f"Bearer {server.account('bob')}"}
        pull = server.project("acme/shop", shop.top).open_pull(7, head="topic", author="bob")
        url = f"{server.host.origin}/api/v3/repos/acme/shop/pulls/7"
        first = httpx.get(url, headers=headers)
        pull.title = "Another title"
        assert httpx.get(url, headers=headers).content == first.content
        assert httpx.get(url).json()["title"] == "Another title"
