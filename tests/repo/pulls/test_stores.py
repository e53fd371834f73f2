"""Stores that weren't used for long are removed."""

import os
import time
from pathlib import Path

from xreview.repo.pulls.stores import UNUSED_SECONDS, store_for


def test_names_that_differ_have_stores_of_their_own(tmp_path: Path):
    assert store_for(tmp_path, "a", "b") == store_for(tmp_path, "a", "b")
    assert store_for(tmp_path, "a", "b") != store_for(tmp_path, "ab")
    assert not store_for(tmp_path, "a", "b").exists()


def test_only_what_was_not_used_for_long_is_removed(tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = tmp_path / "stores"
    folder.mkdir()
    stores = [store_for(folder, name) for name in ("used", "unused", "recent")]
    long_ago = time.time() - UNUSED_SECONDS - 60
    for store in stores:
        store.mkdir()
        (store / "HEAD").write_text("x")
    for store in stores[:2]:
        os.utime(store, (long_ago, long_ago))
    (folder / "link").symlink_to(outside)
    os.utime(outside, (long_ago, long_ago))
    store_for(folder, "used")
    assert [store.exists() for store in stores] == [True, False, True]
    assert outside.exists()


def test_without_a_folder_nothing_is_wrong(tmp_path: Path):
    assert not store_for(tmp_path / "missing", "a").exists()
