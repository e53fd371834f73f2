"""Replies are remembered under all they depend on, and forgotten without harm."""

import os
import stat
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from xreview.ports.model import Tokens
from xreview.review.asking.reply_cache import ReplyCache, StoredReply, cache_key

REPLY = StoredReply(('{"findings": []}',), "claude-opus-5-5", Tokens(input=10, cached=4, output=2))


def test_a_reply_is_found_again_and_is_the_users_own(tmp_path: Path) -> None:
    cache, key = ReplyCache(tmp_path / "replies"), cache_key({"prompt": "a"})
    assert cache.get(key) is None

    cache.put(key, REPLY)

    assert cache.get(key) == REPLY
    (file,) = (tmp_path / "replies").glob("*/*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) & 0o077 == 0


@given(st.dictionaries(st.text(), st.text(), min_size=1), st.text(), st.text())
def test_any_difference_is_another_key(parts: dict[str, str], name: str, value: str) -> None:
    changed = {**parts, name: value}

    assert (cache_key(parts) == cache_key(changed)) == (parts == changed)


def test_a_damaged_file_counts_as_none(tmp_path: Path) -> None:
    cache, key = ReplyCache(tmp_path), cache_key({})
    cache.put(key, REPLY)
    (file,) = tmp_path.glob("*/*.json")

    for content in (
        b"",
        b"{",
        b"[]",
        b"{}",
        file.read_bytes().replace(b'"version": 1', b'"version": 9'),
    ):
        file.write_bytes(content)
        assert cache.get(key) is None


def test_a_reply_put_under_another_name_is_not_taken(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    one, other = cache_key({"a": 1}), cache_key({"a": 2})
    cache.put(one, REPLY)
    (file,) = tmp_path.glob("*/*.json")
    target = tmp_path / other[:2] / f"{other[2:]}.json"
    target.parent.mkdir(exist_ok=True)
    file.rename(target)

    assert cache.get(other) is None


def test_a_folder_that_can_not_be_made_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = ReplyCache(tmp_path / "file" / "replies")

    cache.put(cache_key({}), REPLY)
    cache.trim()

    assert cache.get(cache_key({})) is None


def test_what_was_used_least_lately_goes_first(tmp_path: Path) -> None:
    keys = [cache_key({"n": number}) for number in range(3)]
    cache = ReplyCache(tmp_path)
    for age, key in enumerate(keys):
        cache.put(key, REPLY)
        path = tmp_path / key[:2] / f"{key[2:]}.json"
        os.utime(path, (1000 + age, 1000 + age))
    size = path.stat().st_size
    cache.get(keys[0])

    ReplyCache(tmp_path, largest=2 * size).trim()

    assert [cache.get(key) is not None for key in keys] == [True, False, True]
