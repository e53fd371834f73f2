import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.errors import UsageError
from xreview.domain.pull.address import ForgeKind, parse_pull_url

GITHUB, GITLAB, GITEA, BITBUCKET = ForgeKind


@pytest.mark.parametrize(
    ("url", "kind", "origin", "shown"),
    [
        ("https://github.com/o/r/pull/12", GITHUB, "https://github.com", "o/r#12"),
        ("https://github.com/o/r/pull/12/files", GITHUB, "https://github.com", "o/r#12"),
        (
            " https://github.com/o/r.js/pull/1#issue-3 ",
            GITHUB,
            "https://github.com",
            "o/r.js#1",
        ),
        (
            "https://git.acme.dev:8443/o/r/pull/7",
            GITHUB,
            "https://git.acme.dev:8443",
            "o/r#7",
        ),
        ("https://GitHub.com:443/o/r/pull/7", GITHUB, "https://github.com", "o/r#7"),
        (
            "https://gitlab.com/g/s/p/-/merge_requests/3/diffs",
            GITLAB,
            "https://gitlab.com",
            "g/s/p!3",
        ),
        ("https://codeberg.org/o/r/pulls/5", GITEA, "https://codeberg.org", "o/r#5"),
        (
            "https://bitbucket.org/w/r/pull-requests/9/x",
            BITBUCKET,
            "https://bitbucket.org",
            "w/r#9",
        ),
        ("http://127.0.0.1:8000/o/r/pull/1", GITHUB, "http://127.0.0.1:8000", "o/r#1"),
        ("http://[::1]:80/o/r/pull/1", GITHUB, "http://[::1]", "o/r#1"),
    ],
)
def test_the_url_s_form_tells_the_forge(url, kind, origin, shown):
    address = parse_pull_url(url)
    assert (address.forge.kind, address.forge.origin, address.shown) == (kind, origin, shown)
    assert parse_pull_url(address.url) == address


@pytest.mark.parametrize(
    "url",
    [
        "", "12", "github.com/o/r/pull/12", "ssh://github.com/o/r/pull/12", "https://github.com/o/r",
        "https://github.com/o/r/pull/", "https://github.com/o/r/pull/x", "https:///o/r/pull/1",
        "https://github.com/o/../pull/1", "https://github.com/o/r/issues/1", "https://h:x/o/r/pull/1",
        "https://github.com/-o/r/pull/1", "https://github.com/o/r/pull/12345678901234567890",
        "https://github.com/o/r\x1b[2J/pull/1", "https://gıthub.com/o/r/pull/1",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_an_example(url):
    with pytest.raises(UsageError, match="isn't the URL") as raised:
        parse_pull_url(url)
    assert "https://github.com/owner/repository/pull/12" in raised.value.advice


def test_a_password_in_a_url_is_not_repeated():
    with pytest.raises(UsageError) as raised:
        parse_pull_url("https://me:hunter2@github.com/o/r/pull/1")
    assert "hunter2" not in str(raised.value)


@given(st.text() | st.from_regex(r"https://github\.com/[^?#]{0,30}/pull/\d+", fullmatch=True))
def test_any_text_gives_an_address_or_a_reason(text):
    try:
        address = parse_pull_url(text)
    except UsageError:
        return
    assert parse_pull_url(address.url) == address
    assert ".." not in address.project.split("/")
