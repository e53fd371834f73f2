"""Finding the tools and models that free text names: `Claude Code - Claude Sonnet 4.5`.

Values of `Assisted-by:` and names follow no grammar (the kernel asks for `AGENT:MODEL [TOOL]…`,
others for a tool's name), so the text is split, and each piece is searched for a model and for a
tool at its beginning. Where a person or a program would be possible, nothing else may accompany the
name: Claude Shannon and Codex Leicester aren't agents.
"""

import re
from functools import lru_cache
from itertools import dropwhile

from xreview.domain.authorship.family import family_of, model_family, model_name
from xreview.domain.record import replace
from xreview.domain.report import Confidence
from xreview.repo.attribution.base import NamedWriter
from xreview.repo.attribution.signatures.conventions import CodingTool, conventions, normal_name
from xreview.repo.attribution.signatures.model_names import MentionPlace, is_beside, model_named

_LONGEST = 200
_PIECES = re.compile(
    r"[()\[\]<>,;|&+]|\s/\s|\s[-–—]\s|\b(?:via|and|with|using|by|in)\b", re.IGNORECASE
)
_CONTEXT = re.compile(r"\([^()]{0,40}\bcontext\)", re.IGNORECASE)
_SHARE = re.compile(r"=.*", re.DOTALL)
_WORDS = re.compile(r"([^A-Za-z]+)")
_OFTEN_MISSPELT = ("claude", "codex", "copilot", "cursor", "gemini", "sonnet", "chatgpt")
_DOUBLED = re.compile(r"(.)\1+")
_VIA = re.compile(r"\bvia\b", re.IGNORECASE)
_WORDS_COUNT = frozenset({MentionPlace.TRAILER, MentionPlace.MARKED_FOOTER})
# Words after a name that begin another phrase: `Claude for the tests`.
_GOES_ON = frozenset({"for", "on", "to", "at", "as", "from", "during", "through", "under"})
_DECORATION = " \t.:!*_-–—/\"'`“”‘’<>"
# Words before a model's name that aren't part of it.
_HOSTS = frozenset({"anthropic", "openai", "google", "aws", "amazon", "azure", "bedrock", "vertex"})
_TIERS = frozenset(
    {"opus", "sonnet", "haiku", "fable", "pro", "flash", "mini", "nano", "lite", "max", "turbo"}
    | {"codex", "thinking", "preview", "high", "fast", "instruct", "reasoner", "coder", "plus"}
)


def writers_named(text: str, place: MentionPlace = MentionPlace.TRAILER) -> tuple[NamedWriter, ...]:
    """The writers a text names: one for each tool or model family."""
    if tool := conventions().by_name.get(normal_name(text[:_LONGEST].strip(_DECORATION))):
        return (NamedWriter(tool.name, tool.vendor, "", _sure(tool)),)
    tools: dict[str, CodingTool] = {}
    models: dict[str, str] = {}
    is_via = bool(_VIA.search(text[:_LONGEST]))
    for number, piece in enumerate(_pieces(text)):
        has_words = place in _WORDS_COUNT or (is_via and number > 0) or _always_counts(piece, place)
        tool = _tool(piece, place, has_words=has_words)
        if tool:
            tools[tool.name] = tool
        if named := model_named(piece, place):
            models[named.vendor] = models.get(named.vendor) or _model(piece)
        elif tool is None and (family := _family_alone(piece, place)):
            models.setdefault(family, "")
    writers = _paired(list(tools.values()), models)
    if place is MentionPlace.FOOTER and not (tools or any(models.values())):
        return tuple(replace(writer, confidence=Confidence.LOW) for writer in writers)
    return writers


def writers_misspelt(text: str) -> tuple[NamedWriter, ...]:
    """As `writers_named`, for misspelt names (`Cluade Code`), with low confidence."""
    words = [_corrected(word) for word in _WORDS.split(text[:_LONGEST])]
    return tuple(
        replace(writer, confidence=Confidence.LOW) for writer in writers_named("".join(words))
    )


def _corrected(word: str) -> str:
    """The corrected name of a word. Xcode, Claudel and codecs aren't typos."""
    return next((name for name in _OFTEN_MISSPELT if _is_typo(word.lower(), name)), word)


def _is_typo(word: str, name: str) -> bool:
    """Whether a word is a name with two letters swapped, or a wrongly doubled letter."""
    if word[:1] != name[:1] or word == name:
        return False
    if _DOUBLED.sub(r"\1", word) == _DOUBLED.sub(r"\1", name):
        return True
    swapped = (name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1))
    return word in swapped


def model_in(text: str) -> str:
    """The name of the first model with a version or a tier, or ""."""
    return next((name for piece in _pieces(text) if (name := _model(piece))), "")


@lru_cache(1024)
def writer_recorded(agent: str, model: str) -> NamedWriter:
    """The writer that a record of agents' work (git-ai, Agent Trace, Entire) names.

    Args:
        agent: the record's name for the tool, or "".
        model: the model, or a placeholder (`default`, `<synthetic>`).
    """
    known = conventions().by_record.get(normal_name(agent[:_LONGEST]))
    tool = known.name if known else " ".join(agent[:_LONGEST].split())
    if family := family_of(model):
        return NamedWriter(tool, family, model_name(model), Confidence.HIGH)
    if known is None or not known.vendor:
        return NamedWriter(tool, "", model_name(model), Confidence.MEDIUM)
    sure = Confidence.LOW if known.doubt else Confidence.MEDIUM
    return NamedWriter(tool, known.vendor, model_name(model), sure)


def _pieces(text: str) -> list[str]:
    cut = _PIECES.split(_CONTEXT.sub("", text[:_LONGEST]))
    return [stripped for piece in cut if (stripped := piece.strip(_DECORATION))] or [""]


def _tool(piece: str, place: MentionPlace, *, has_words: bool) -> CodingTool | None:
    """The tool that a piece begins with, or, in a trailer, contains.

    `has_words`: names of people and things count too.
    """
    known = conventions()
    beginning = known.word_beginning if has_words else known.name_beginning
    if match := beginning.match(piece):
        name = normal_name(match[1])
        is_name = name in known.by_name
        rest = piece[match.end() :]
        if _may_follow(rest, place, is_name=is_name) or model_named(piece, place):
            return known.by_word[name]
        return None
    if place is not MentionPlace.TRAILER or not (match := known.name_anywhere.search(piece)):
        return None
    is_that = _may_follow(piece[match.end() :], place, is_name=True)
    return known.by_name[normal_name(match[1])] if is_that else None


def _may_follow(rest: str, place: MentionPlace, *, is_name: bool) -> bool:
    """Whether the text after an agent's name doesn't make it another name."""
    words = rest.split()
    if place is not MentionPlace.TRAILER:
        return all(map(is_beside, words))
    if not words or rest[:1] in ":/'’":
        return True
    strange = list(dropwhile(is_beside, words))
    if not strange or strange[0].lower() in _GOES_ON:
        return True
    if any(map(str.isdigit, rest)) and rest[:1].isspace():
        return True
    return is_name and rest[:1].isspace() and strange[0].islower()


def _always_counts(piece: str, place: MentionPlace) -> bool:
    return place is MentionPlace.FOOTER and normal_name(piece) in conventions().footers.always


def _family_alone(piece: str, place: MentionPlace) -> str:
    """The vendor of a family's word that stands alone: `Claude`, `gemini`."""
    known = conventions()
    match = known.family_beginning.match(piece) if place is not MentionPlace.NAME else None
    if match is None or not _may_follow(piece[match.end() :], place, is_name=False):
        return ""
    word = normal_name(match[1])
    family = known.by_family_alone[word]
    if place is not MentionPlace.TRAILER and word in family.doubtful:
        return ""
    is_meant = place in _WORDS_COUNT or word in known.footers.always
    return family.vendor if is_meant else ""


def _sure(tool: CodingTool) -> Confidence:
    return Confidence.MEDIUM if tool.doubt else tool.sure


def _paired(tools: list[CodingTool], models: dict[str, str]) -> tuple[NamedWriter, ...]:
    """A writer for each family, with its tool, then the remaining tools."""
    writers: list[NamedWriter] = []
    used: set[str] = set()
    for family, model in models.items():
        tool = _tool_of(family, tools, is_only_family=len(models) == 1)
        sure = Confidence.HIGH if model else tool.sure if tool else Confidence.MEDIUM
        writers.append(NamedWriter(tool.name if tool else "", family, model, sure))
        used.add(tool.name if tool else "")
    left = sorted(
        (tool for tool in tools if tool.name not in used), key=lambda tool: bool(tool.doubt)
    )
    return (*writers, *(NamedWriter(tool.name, tool.vendor, "", _sure(tool)) for tool in left))


def _tool_of(family: str, tools: list[CodingTool], *, is_only_family: bool) -> CodingTool | None:
    """The tool that ran a family's model: its vendor's, else one that runs any model."""
    fitting = [tool for tool in tools if tool.vendor == family]
    fitting += [tool for tool in tools if not tool.vendor]
    if not fitting and is_only_family and len(tools) == 1:
        fitting = tools
    return fitting[0] if fitting else None


def _model(piece: str) -> str:
    """The model's name in a piece, without tool and host before it and words after it."""
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
    """Whether a word distinguishes a family's models: a version or a tier."""
    return any(map(str.isdigit, word)) or word.lower().strip(_DECORATION) in _TIERS
