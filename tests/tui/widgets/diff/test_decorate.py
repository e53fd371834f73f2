import threading

import pytest

from tests.tui.widgets.diff.diffs import file_of, marked
from xreview.domain.change import FileDiff
from xreview.tui.widgets.diff import decorate as diff_decorate
from xreview.tui.widgets.diff.decorate import Decorations, Decorator, Passage, decorate
from xreview.tui.widgets.diff.rows import FileRows


def passage_of(file: FileDiff, old_path: str = "", key: tuple[int, int] = (0, 0)) -> Passage:
    rows = FileRows(file)
    return Passage(key, file.path, old_path or file.path, file.body, next(rows.blocks()))


def groups(decorations: Decorations, row: int) -> set[str]:
    return {group for _start, _end, group in decorations[row].spans}


def test_the_sides_are_lexed_apart() -> None:
    # The removed line opens a string that only the old side has.
    file = file_of((1, 1, marked('-text = """open\n+text = 1\n return text')))
    found = decorate(passage_of(file), set())
    assert "string" in groups(found, 2)
    assert "keyword" in groups(found, 4)


def test_a_renamed_file_is_lexed_by_both_its_names() -> None:
    file = file_of((1, 1, marked("-def old(): pass\n+func renewed() {}")), path="a.go")
    found = decorate(passage_of(file, old_path="a.py"), set())
    assert (0, 3, "keyword") in found[2].spans
    assert (0, 4, "keyword") in found[3].spans


def test_a_lexer_that_fails_leaves_its_file_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def failing(path: str) -> None:
        calls.append(path)
        raise RuntimeError("a lexer's own bug")

    monkeypatch.setattr(diff_decorate, "lexer_for", failing)
    refused: set[str] = set()
    file = file_of((1, 1, marked("-a b\n+a c")))
    assert decorate(passage_of(file), refused)[3].spans == ()
    assert decorate(passage_of(file), refused)[3].changed == ((2, 3),)
    assert calls == [file.path]


def test_a_minified_line_stays_plain_beside_coloured_ones() -> None:
    file = file_of((1, 1, [("+", "x = 1;" * 300), ("+", "return 1")]), path="a.js")
    found = decorate(passage_of(file), set())
    assert found[2].spans == ()
    assert groups(found, 3) == {"keyword", "number"}


def test_the_newest_passage_comes_first_and_the_oldest_are_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = file_of((1, 1, marked("+a")))
    done: list[tuple[int, int]] = []
    first, go_on, enough = threading.Event(), threading.Event(), threading.Event()

    def slowly(passage: Passage, refused: set[str]) -> Decorations:
        first.set()
        go_on.wait(20)
        return {}

    def deliver(key: tuple[int, int], decorations: Decorations) -> None:
        done.append(key)
        if key == (0, 99):
            enough.set()

    monkeypatch.setattr(diff_decorate, "decorate", slowly)
    decorator = Decorator(deliver)
    decorator.ask(passage_of(file, key=(0, 0)))
    assert first.wait(20)
    dropped = [decorator.ask(passage_of(file, key=(0, number))) for number in range(1, 101)]
    go_on.set()
    assert enough.wait(20)
    decorator.stop()
    assert done[:3] == [(0, 0), (0, 100), (0, 99)]
    assert [key for key in dropped if key is not None] == [(0, number) for number in range(1, 37)]


def test_the_thread_ends_when_told() -> None:
    delivered = threading.Event()
    decorator = Decorator(lambda _key, _decorations: delivered.set())
    decorator.ask(passage_of(file_of((1, 1, marked("+a")))))
    assert delivered.wait(20)
    decorator.stop()
    thread = decorator._thread
    assert thread is not None
    thread.join(20)
    assert not thread.is_alive()


def test_a_passage_that_fails_stays_plain_and_the_next_is_decorated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(text: str) -> None:
        if "bad" in text:
            raise RecursionError

    monkeypatch.setattr(diff_decorate, "oddities", failing)
    delivered: list[tuple[tuple[int, int], Decorations]] = []
    both = threading.Event()

    def deliver(key: tuple[int, int], decorations: Decorations) -> None:
        delivered.append((key, decorations))
        if len(delivered) == 2:
            both.set()

    decorator = Decorator(deliver)
    for key, code in (((0, 0), "+bad"), ((1, 0), "+good")):
        decorator.ask(passage_of(file_of((1, 1, marked(code))), key=key))

    assert both.wait(20)
    decorator.stop()
    assert dict(delivered)[0, 0] == {}
    assert dict(delivered)[1, 0]
