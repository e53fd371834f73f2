"""What is at stake in a task, by its words alone: there is no code yet."""

import re
from collections.abc import Iterator
from itertools import islice

from xreview.domain.stakes.stakes import Risk, Stakes, TaskToCheck, WorkForm, WorkKind
from xreview.review.attempts.wish import LONGEST_TASK
from xreview.review.stakes.lexicon import Lexicon, SpokenForm, TaskText, lexicon

_BETWEEN_PATHS = re.compile(r"[\s\"'`()<>\[\],;:]+")
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}")
_ITEM = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S", re.MULTILINE)
_MOST_PATHS = 200
_WORDS_OF_A_DEMAND = 40
_LABORIOUS = (WorkForm.LOGIC, WorkForm.ROUTINE, WorkForm.INTERFACE, WorkForm.DATA, WorkForm.TEXT)


def task_stakes(task: str) -> Stakes:
    """Return what a task, in the user's words, touches, and how long checking its result takes.

    Each item of a list is a demand, and so is each begun 40 words of a task without a list.
    """
    text = task[:LONGEST_TASK]
    known, said = lexicon(), TaskText(text)
    risks = tuple(_risks(text, said, known))
    forms = [one for one in known.forms if one.words.said_in(said)]
    named = {one.form for one in forms}
    form = next((one for one in _LABORIOUS if one in named), WorkForm.LOGIC)
    demands = max(len(_ITEM.findall(text)), -(-len(text.split()) // _WORDS_OF_A_DEMAND), 1)
    return Stakes(_kind(risks, forms), risks, (TaskToCheck(form, demands),))


def _risks(text: str, said: TaskText, known: Lexicon) -> Iterator[Risk]:
    paths = tuple(islice(_paths(text), _MOST_PATHS))
    for topic in known.topics:
        if word := topic.task_words.said_in(said):
            yield Risk(topic.what, topic.kind, word=word)
        elif path := next(filter(topic.is_in, paths), ""):
            yield Risk(topic.what, topic.kind, path=path)


def _paths(text: str) -> Iterator[str]:
    """What looks like a path: it has a slash, or ends like the name of a file."""
    for token in dict.fromkeys(_BETWEEN_PATHS.split(text)):
        path = token.strip(".!?")
        if "/" in path or _ENDING.fullmatch(path[path.rfind(".") :]):
            yield path


def _kind(risks: tuple[Risk, ...], forms: list[SpokenForm]) -> WorkKind:
    kinds = [one.kind for one in (*risks, *forms)]
    return next((kind for kind in kinds if kind is not WorkKind.OTHER), WorkKind.OTHER)
