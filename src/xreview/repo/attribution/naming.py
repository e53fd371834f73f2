"""The tools and models that a free text names: `Claude Code - Claude Sonnet 4.5`.

What people and agents write behind `Assisted-by:` and into a name follows no grammar (the kernel
asks for `AGENT:MODEL [TOOL]…`, others for a tool's name), so it is cut into pieces, and each piece
is looked at for a tool at its beginning and for a word that tells a model's family.
"""

import re
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache

from xreview.domain.family import family_of, model_family, model_name
from xreview.domain.report import Confidence
from xreview.repo.attribution.base import Writer
from xreview.repo.attribution.conventions import Tool, conventions, normal_name

_LONGEST = 200
_PIECES = re.compile(
    r"[()\[\],;|&+]|\s/\s|\s[-–—]\s|\b(?:via|and|with|using|by|in)\b", re.IGNORECASE
)
_CONTEXT = re.compile(r"\([^()]{0,40}\bcontext\)", re.IGNORECASE)
_SHARE = re.compile(r"=.*", re.DOTALL)
_WORDS = re.compile(r"([^A-Za-z]+)")
_OFTEN_MISSPELT = ("claude", "codex", "copilot", "cursor", "gemini", "sonnet", "chatgpt")
_SHORTEST_MISSPELT = 5
_ALIKE = 0.8  # one letter of six left out or wrong, or two exchanged
_DECORATION = " \t.:!*_-–—/\"'`“”‘’<>"
# Words that stand in front of a model's name and are not part of it.
_HOSTS = frozenset({"anthropic", "openai", "google", "aws", "amazon", "azure", "bedrock", "vertex"})
_TIERS = frozenset(
    {"opus", "sonnet", "haiku", "fable", "pro", "flash", "mini", "nano", "lite", "max", "turbo"}
    | {"codex", "thinking", "preview", "high", "fast", "instruct", "reasoner", "coder", "plus"}
)


def writers_named(text: str, *, may_be_person: bool = False) -> tuple[Writer, ...]:
    """Who a text names: one for each tool or model family, () for none.

    Args:
        may_be_person: the text may be a person's name, so that words which people are called too
            do not count at its beginning: `Claude`, `Devin`, `Jules`.
    """
    pieces = _pieces(text)
    tools = _tools(pieces, may_be_person=may_be_person)
    models = _models(pieces, may_be_person=may_be_person)
    if not tools and not models:
        family = "" if may_be_person else family_of(text)
        return (Writer("", family, "", Confidence.MEDIUM),) if family else ()
    return _paired(tools, models)


def writers_misspelt(text: str) -> tuple[Writer, ...]:
    """As `writers_named` for a text in which a name has a slip: `Cluade Code`. Never sure."""
    words = [_mended(word) for word in _WORDS.split(text[:_LONGEST])]
    return tuple(
        replace(writer, confidence=Confidence.LOW) for writer in writers_named("".join(words))
    )


def _mended(word: str) -> str:
    is_long = len(word) >= _SHORTEST_MISSPELT
    close = get_close_matches(word.lower(), _OFTEN_MISSPELT, 1, _ALIKE) if is_long else []
    return close[0] if close else word


def model_in(text: str) -> str:
    """The name of the first model that a text names with a version or a tier; "" for none."""
    return next((name for piece in _pieces(text) if (name := _model(piece))), "")


@lru_cache(1024)
def writer_recorded(agent: str, model: str) -> Writer:
    """Who a recorder of agents' work (git-ai, Agent Trace, Entire) means.

    Args:
        agent: what it calls the tool, "" where it does not say.
        model: the model, possibly a word that tells none (`default`, `<synthetic>`).
    """
    known = conventions().by_record.get(normal_name(agent[:_LONGEST]))
    tool = known.name if known else " ".join(agent[:_LONGEST].split())
    if family := family_of(model):
        return Writer(tool, family, model_name(model), Confidence.HIGH)
    if known is None or not known.vendor:
        return Writer(tool, "", model_name(model), Confidence.MEDIUM)
    sure = Confidence.LOW if known.doubt else Confidence.MEDIUM
    return Writer(tool, known.vendor, model_name(model), sure)


def _pieces(text: str) -> list[str]:
    cut = _PIECES.split(_CONTEXT.sub("", text[:_LONGEST]))
    return [stripped for piece in cut if (stripped := piece.strip(_DECORATION))] or [""]


def _tools(pieces: list[str], *, may_be_person: bool) -> list[Tool]:
    known = conventions()
    found: dict[str, Tool] = {}
    for number, piece in enumerate(pieces):
        is_name = may_be_person and number == 0
        beginning = known.name_beginning if is_name else known.word_beginning
        if match := beginning.match(piece) or known.name_anywhere.search(piece):
            tool = known.by_word[normal_name(match[1])]
            found[tool.name] = tool
    return list(found.values())


def _models(pieces: list[str], *, may_be_person: bool) -> dict[str, str]:
    """The families of the pieces, each with the name of its first model, "" where none is told."""
    found: dict[str, str] = {}
    for number, piece in enumerate(pieces):
        family, model = model_family(piece), _model(piece)
        is_name = may_be_person and number == 0
        if family and (model or not is_name):
            found[family] = found.get(family) or model
    return found


def _paired(tools: list[Tool], models: dict[str, str]) -> tuple[Writer, ...]:
    """A writer for each family, with the tool that goes with it, then the tools left over."""
    writers: list[Writer] = []
    used: set[str] = set()
    for family, model in models.items():
        tool = _tool_of(family, tools, is_only_family=len(models) == 1)
        sure = Confidence.HIGH if model else tool.sure if tool else Confidence.MEDIUM
        writers.append(Writer(tool.name if tool else "", family, model, sure))
        used.add(tool.name if tool else "")
    for tool in tools:
        if tool.name not in used:
            sure = Confidence.MEDIUM if tool.doubt else tool.sure
            writers.append(Writer(tool.name, tool.vendor, "", sure))
    return tuple(writers)


def _tool_of(family: str, tools: list[Tool], *, is_only_family: bool) -> Tool | None:
    """Which of the tools ran a family's model: its own vendor's first, then one that runs any."""
    fitting = [tool for tool in tools if tool.vendor == family]
    fitting += [tool for tool in tools if not tool.vendor]
    if not fitting and is_only_family and len(tools) == 1:
        fitting = tools
    return fitting[0] if fitting else None


def _model(piece: str) -> str:
    """The model's name in a piece, without the tool and host before it and the words behind it."""
    if not model_family(piece):
        return ""
    name = _SHARE.sub("", model_name(piece))
    if match := conventions().name_beginning.match(name):
        rest = name[match.end() :].strip(_DECORATION)
        name = rest if model_family(rest) else name
    words = name.split()
    while words and words[0].lower() in _HOSTS:
        words.pop(0)
    while words and not _is_telling(words[-1]):
        words.pop()
    name = " ".join(words)
    return "" if normal_name(name) in conventions().by_name else name


def _is_telling(word: str) -> bool:
    """Whether a word says which model of a family: a version, or a tier."""
    return any(map(str.isdigit, word)) or word.lower().strip(_DECORATION) in _TIERS
