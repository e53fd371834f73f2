"""The data of `lenses/stakes.toml`: which words and paths touch what, and how it is checked.

The top of that file explains it.
"""

import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from xreview.config.ignore import IgnoreRules
from xreview.domain.stakes.stakes import WorkForm, WorkKind
from xreview.review.prompt.routing import Routing, plain_path, routing, words_in

_SPACES = re.compile(r"[^a-z0-9]+")


class TaskText:
    """A text as word lists are looked up in it: its words, and all of it with single spaces."""

    def __init__(self, text: str) -> None:
        self.words = words_in(text)
        self.line = f" {_SPACES.sub(' ', text.lower())} "


class WordList:
    """Words, beginnings of words (`migrat*`) and phrases (`log in`), in lower case."""

    def __init__(self, entries: Iterable[str]) -> None:
        lowered = [entry.lower() for entry in entries]
        phrases = [entry for entry in lowered if " " in entry]
        single = [entry for entry in lowered if " " not in entry]
        self.words = frozenset(entry for entry in single if not entry.endswith("*"))
        self._beginnings = tuple(entry[:-1] for entry in single if entry.endswith("*"))
        self._phrases = tuple(
            f" {entry[:-1]}" if entry.endswith("*") else f" {entry} " for entry in phrases
        )

    def among(self, words: Collection[str]) -> str:
        """The first of the words in alphabetical order that is in the list; "" for none."""
        begun = {word for word in words if word.startswith(self._beginnings)}
        return min((self.words & frozenset(words)) | begun, default="")

    def said_in(self, text: TaskText) -> str:
        """A word or phrase of the list in a text; "" for none."""
        phrase = next((one for one in self._phrases if one in text.line), "")
        return self.among(text.words) or phrase.strip()


@dataclass(frozen=True)
class Topic:
    """Something in which a mistake is expensive."""

    what: str
    kind: WorkKind
    paths: tuple[IgnoreRules, ...]
    code_words: WordList
    task_words: WordList

    def is_in(self, path: str) -> bool:
        """Whether a path touches it."""
        plain = plain_path(path)
        return any(rules.ignores(plain) for rules in self.paths)


@dataclass(frozen=True)
class SpokenForm:
    """The words of a task that show how its result is checked."""

    form: WorkForm
    kind: WorkKind
    words: WordList


@dataclass(frozen=True)
class Lexicon:
    """The content of the data file; `topics` has the gravest first."""

    topics: tuple[Topic, ...]
    forms: tuple[SpokenForm, ...]
    logic: IgnoreRules
    interface: IgnoreRules

    def form_of(self, path: str) -> WorkForm:
        """How a text file is checked."""
        plain = plain_path(path)
        last = routing().read_last(path)
        if self.logic.ignores(plain):
            return WorkForm.LOGIC
        if self.interface.ignores(plain):
            return WorkForm.INTERFACE
        return {"documentation": WorkForm.TEXT, "plain data": WorkForm.DATA}.get(
            last, WorkForm.LOGIC
        )


@cache
def lexicon() -> Lexicon:
    """The data that ships with the program."""
    text = files("xreview.lenses").joinpath("stakes.toml").read_text("utf-8")
    data = tomllib.loads(text)
    only_code = frozenset(data["only_code"])
    shared = routing()
    forms: list[dict[str, Any]] = data["form"]
    return Lexicon(
        tuple(_topic(one, shared, only_code) for one in data["topic"]),
        tuple(
            SpokenForm(
                WorkForm(one["form"]), WorkKind(one.get("kind", "other")), WordList(one["words"])
            )
            for one in forms
        ),
        _rules(data["files"]["logic"]),
        _rules(data["files"]["interface"]),
    )


def _topic(data: dict[str, Any], shared: Routing, only_code: frozenset[str]) -> Topic:
    taken = frozenset(data.get("routing", ()))
    paths = [rules for _, why, rules in shared.paths if why in taken]
    lent = [word for _, why, words in shared.words if why in taken for word in words]
    own: list[str] = data.get("words", [])
    return Topic(
        data["what"],
        WorkKind(data["kind"]),
        (*paths, _rules(data.get("paths", ()))),
        WordList([*lent, *own]),
        WordList([*(set(lent) - only_code), *own, *data.get("task_words", ())]),
    )


def _rules(patterns: Iterable[str]) -> IgnoreRules:
    return IgnoreRules(pattern.lower() for pattern in patterns)
