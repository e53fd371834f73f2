"""Opposite requests: one report asks for more and another for less of the same thing."""

from collections.abc import Mapping

from xreview.disagreement.place import meet
from xreview.domain.report import Report, Request

_TOPICS: Mapping[str, str] = {
    "validation": "validat check guard sanit verif assert precondition bounds",
    "error handling": "error exception try catch rescue retr fallback handling",
    "abstraction": "abstract interface indirect layer wrapper generic pattern extract inherit class"
    " helper modular",
    "caching": "cach memo",
    "locking": "lock mutex synchron semaphore transaction atomic",
    "logging": "log trac telemetr metric",
}
_BEGINNINGS = {topic: tuple(words.split()) for topic, words in _TOPICS.items()}


def topic_of(request: Request) -> str:
    """The topic by the name in the table, else as written.

    Models name one thing in many ways: "input checks" and "validation" are one topic.
    """
    words = request.topic.lower().replace("-", " ").replace("_", " ").split()
    for topic, beginnings in _BEGINNINGS.items():
        if " ".join(words) == topic:
            return topic
        if any(word.startswith(beginnings) for word in words):
            return topic
    return " ".join(words)


def opposed(left: Report, right: Report) -> bool:
    """Whether one asks to add what the other asks to remove, in the same place."""
    return ask_the_opposite(left, right) and meet(left, right)


def ask_the_opposite(left: Report, right: Report) -> bool:
    """Whether one asks to add what the other asks to remove, wherever."""
    return (
        left.request is not None
        and right.request is not None
        and left.request.direction is not right.request.direction
        and bool(topic_of(left.request))
        and topic_of(left.request) == topic_of(right.request)
    )


def ask_the_same(left: Report, right: Report) -> bool:
    """Whether two families ask for the same change in the same place and category: then they mean
    one problem, however they word it."""
    return (
        left.request is not None
        and right.request is not None
        and left.reviewer.family != right.reviewer.family
        and left.category is right.category
        and left.request.direction is right.request.direction
        and topic_of(left.request) == topic_of(right.request)
        and meet(left, right)
    )
