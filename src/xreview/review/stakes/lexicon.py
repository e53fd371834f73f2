"""The data of `lenses/stakes.toml`: which words and paths touch what, and how it is checked.

The top of that file explains it.
"""

import re
import tomllib
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from xreview.config.ignore import IgnoreRules
from xreview.domain.record import dataclass
from xreview.domain.stakes.stakes import Risk, RiskCost, WorkForm, WorkKind
from xreview.review.prompt.routing import Routing, plain_path, routing, words_in

_SPACES = re.compile(r"[^a-z0-9]+")
_TRANSLATION = re.compile(r"\.(json|strings|arb)$")
"""Texts of the interface, which their folder shows."""

_NO_DOCUMENT = re.compile(r"\.(?!(md|mdx|rst|adoc|txt|tex)$)[a-z]\w*$")


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
    """Something in which a mistake is expensive.

    Args:
        code_words: the words that show it on a changed line; `loose_words` are those that often
            mean something else.
        cost, is_final, is_testable: as in `Risk`.
    """

    what: str
    kind: WorkKind
    paths: tuple[IgnoreRules, ...]
    code_words: WordList
    loose_words: WordList
    task_words: WordList
    cost: RiskCost
    is_final: bool
    is_testable: bool

    def risk(self, path: str, word: str = "", *, is_sure: bool = True) -> Risk:
        """The risk of a file that touches it."""
        cost = self.cost if is_sure else RiskCost.SOME
        return Risk(
            self.what, self.kind, path, word, cost, self.is_final and is_sure, self.is_testable
        )

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
    files: tuple[tuple[WorkForm, IgnoreRules], ...]

    def form_of(self, path: str) -> WorkForm:
        """How a text file is checked.

        The easy forms go by the file's own name: a folder called `changes` or `x.css` holds any
        code. An ending that documents don't have makes no document of a file, whatever its name
        begins with.
        """
        plain = plain_path(path)
        name = plain.rpartition("/")[2]
        for form, rules in self.files:
            is_own = form is WorkForm.LOGIC or rules.ignores(name) or _TRANSLATION.search(name)
            if is_own and rules.ignores(plain):
                is_disguised = form is WorkForm.TEXT and _NO_DOCUMENT.search(name)
                return WorkForm.LOGIC if is_disguised else form
        return WorkForm.LOGIC


@cache
def lexicon() -> Lexicon:
    """The data that ships with the program."""
    text = files("xreview.lenses").joinpath("stakes.toml").read_text("utf-8")
    data = tomllib.loads(text)
    only_code, loose = frozenset(data["only_code"]), frozenset(data["loose"])
    shared = routing()
    last = dict(shared.last)
    forms: list[dict[str, Any]] = data["form"]
    return Lexicon(
        tuple(_topic(one, shared, only_code, loose) for one in data["topic"]),
        tuple(
            SpokenForm(
                WorkForm(one["form"]), WorkKind(one.get("kind", "other")), WordList(one["words"])
            )
            for one in forms
        ),
        (
            (WorkForm.DATA, _rules(data["files"]["data"])),
            (WorkForm.LOGIC, _rules(data["files"]["logic"])),
            (WorkForm.INTERFACE, _rules(data["files"]["interface"])),
            (WorkForm.TEXT, last["documentation"]),
            (WorkForm.DATA, last["plain data"]),
        ),
    )


def _topic(
    data: dict[str, Any], shared: Routing, only_code: frozenset[str], loose: frozenset[str]
) -> Topic:
    taken = frozenset(data.get("routing", ()))
    paths = [rules for _, why, rules in shared.paths if why in taken]
    lent = [word for _, why, words in shared.words if why in taken for word in words]
    own: list[str] = data.get("words", [])
    said = (set(lent) - only_code | set(own)) - loose
    return Topic(
        data["what"],
        WorkKind(data["kind"]),
        (*paths, _rules(data.get("paths", ()))),
        WordList(word for word in (*lent, *own) if word not in loose),
        WordList(loose.intersection((*lent, *own))),
        WordList([*said, *data.get("task_words", ())]),
        RiskCost.SOME if data.get("cost") == "some" else RiskCost.MUCH,
        data.get("final", False),
        data.get("testable", True),
    )


def _rules(patterns: Iterable[str]) -> IgnoreRules:
    return IgnoreRules(pattern.lower() for pattern in patterns)
