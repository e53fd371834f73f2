import threading
from dataclasses import replace

import pytest

from tests.tui.widgets.diff.diffs import file_of, marked
from xreview.domain.change import FileDiff, Side
from xreview.domain.errors import ChangeError
from xreview.tui.widgets.diff import decorate as diff_decorate
from xreview.tui.widgets.diff.decorate import Decorations, Decorator, decorate
from xreview.tui.widgets.diff.passage import Passage
from xreview.tui.widgets.diff.rows import FileRows


def passage_of(file: FileDiff, old_path: str = "", key: tuple[int, int] = (0, 0)) -> Passage:
    rows = FileRows(file)
    return Passage(key, replace(file, old_path=old_path or None), next(rows.blocks()))


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


def test_true_colours_follow_once_the_file_can_be_read() -> None:
    file = file_of((2, 2, marked(" return it")))
    delivered: list[set[str]] = []
    came = threading.Semaphore(0)

    def deliver(key: tuple[int, int], decorations: Decorations) -> None:
        delivered.append(groups(decorations, 2))
        came.release()

    decorator = Decorator(deliver)
    decorator.ask(passage_of(file))
    assert came.acquire(timeout=20)
    decorator.read_texts(lambda _file, _side: b'"""\nreturn it\n"""\n')
    assert came.acquire(timeout=20)
    decorator.stop()
    assert delivered == [{"keyword"}, {"documentation"}]


@pytest.mark.parametrize("content", [b"x = 1\nreturn it\n", b"too short", None])
def test_colours_that_were_right_or_stay_unknown_come_once(content: bytes | None) -> None:
    delivered: list[tuple[int, int]] = []
    decorator = Decorator(lambda key, _decorations: delivered.append(key))
    decorator.read_texts(lambda _file, _side: content)
    decorator.ask(passage_of(file_of((2, 2, marked(" return it")))))
    wait_until_idle(decorator)
    decorator.stop()
    assert delivered == [(0, 0)]


def test_a_file_that_cannot_be_read_keeps_its_first_colours() -> None:
    delivered: list[tuple[int, int]] = []

    def source(file: FileDiff, side: Side) -> bytes:
        raise ChangeError("git is gone.", "Install it.")

    decorator = Decorator(lambda key, _decorations: delivered.append(key))
    decorator.read_texts(source)
    for key in ((0, 0), (1, 0)):
        decorator.ask(passage_of(file_of((2, 2, marked(" return it"))), key=key))
        wait_until_idle(decorator)
    decorator.stop()
    assert delivered == [(0, 0), (1, 0)]


def wait_until_idle(decorator: Decorator) -> None:
    deadline = threading.Event()
    for _ in range(4000):
        if decorator.is_idle:
            return
        deadline.wait(0.005)
    raise AssertionError("it never came to rest")


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
