import copy
import json
import pickle
import traceback

import pytest

from tests.models.http.asking import KEY
from xreview.domain.errors import ConfigError
from xreview.http.secret import Credential, Secret, bearer


def test_a_key_shows_itself_nowhere():
    secret = Secret(f"  {KEY}\n")
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>40}", repr(bearer(secret))]
    assert KEY not in "".join(shown)
    assert secret.reveal() == KEY


def test_a_key_is_written_nowhere():
    secret = Secret(KEY)
    for write in (pickle.dumps, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError) as caught:
            write(secret)
        assert KEY not in str(caught.value)


@pytest.mark.parametrize("odd", ["\n", "\r\nx: y", "é", "\u200b", "\0", "“"])
def test_a_key_that_no_header_may_hold_is_refused_without_showing_it(odd):
    text = [KEY + odd + "x"]
    with pytest.raises(ConfigError) as caught:
        Secret(text.pop())
    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert KEY not in "".join(trace.format())


def test_a_key_is_masked_in_what_others_say():
    assert Secret(KEY).redact(f"key {KEY} is wrong") == "key *** is wrong"
    assert Secret("abc").redact("abcdef") == "abcdef"
    assert Secret("").redact("text") == "text"


def test_headers():
    assert bearer(Secret(KEY)).headers() == {"authorization": f"Bearer {KEY}"}
    assert Credential("x-api-key", Secret(KEY)).headers() == {"x-api-key": KEY}
    assert bearer(Secret(" ")).headers() == {}
