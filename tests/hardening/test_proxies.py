"""Which proxy the environment names for a request."""

import pytest

from xreview.hardening.address import proxy_of

PROXY = "http://me:secret@proxy.example:3128"


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, ""),
        ({"HTTPS_PROXY": ""}, ""),
        ({"HTTPS_PROXY": PROXY}, "proxy.example:3128"),
        ({"https_proxy": "proxy.example:3128"}, "proxy.example:3128"),
        ({"ALL_PROXY": "socks5://proxy.example"}, "proxy.example"),
        ({"HTTP_PROXY": PROXY}, "proxy.example:3128"),
        ({"HTTPS_PROXY": "https://one.example", "ALL_PROXY": PROXY}, "one.example"),
        ({"HTTPS_PROXY": "http://x:port"}, "a proxy with an invalid URL"),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}, ""),
        ({"HTTPS_PROXY": PROXY, "no_proxy": "x.example, .openai.com"}, ""),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "api.openai.com"}, ""),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "notopenai.com,ai.com"}, "proxy.example:3128"),
    ],
)
def test_the_proxy_is_named_without_its_password(environ, proxy):
    assert proxy_of(environ, "api.openai.com") == proxy


def test_where_the_host_is_not_known_no_exception_is_claimed():
    assert proxy_of({"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}) == "proxy.example:3128"
