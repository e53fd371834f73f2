"""Evidence of the author in a commit message.

The whole message is searched, because squashing moves trailers into its middle, behind bullets.
Only unambiguous lines count: a trailer's `Key: value`, `Generated with <tool>` alone on its line,
the URL of an agent's session. Prose that mentions an agent isn't evidence, and neither are quotes.
"""

import re
from collections.abc import Iterator

from xreview.domain.authorship.author import Evidence, EvidenceKind
from xreview.domain.authorship.family import model_family
from xreview.domain.record import replace
from xreview.domain.report import Confidence
from xreview.repo.attribution.base import NamedWriter
from xreview.repo.attribution.signatures.conventions import conventions
from xreview.repo.attribution.signatures.identities import writer_of
from xreview.repo.attribution.signatures.model_names import MentionPlace
from xreview.repo.attribution.signatures.naming import model_in, writers_misspelt, writers_named
from xreview.repo.attribution.signatures.quoting import own_lines
from xreview.repo.change.history import CommitDetails

MESSAGE_CHARACTERS = 256 * 1024
_LINE_CHARACTERS = 400
_POINTER_CHARACTERS = 200
_KEYED = re.compile(
    r"[\s*•-]*([A-Za-z][A-Za-z-]{1,40}(?: (?:by|authored|with)){0,2})[ \t]*:[ \t]*(\S.*)"
)
_KEYED_WITHOUT_COLON = re.compile(
    r"[\s*•-]*(Co-?authored-by)[ \t]+(\S.*<[^<>@\s]+@[^<>@\s]+>\s*)", re.I
)
_SIGNED = re.compile(
    r"(?P<mark>[^\w\"'`(<\[]*)"
    r"(?P<verb>Generated|Assisted|Ultraworked|Co-?authored|Created|Made|Written|Coded|Built|Authored"
    r"|(?:PR )?[Cc]reated automatically)"
    r" (?P<how>with|by|using|via) (?P<by>\S.*)"
)
_SQUASHED = "Squashed commit of the following:"
# Most lines are prose: a quick test whether any of the patterns below could match.
_MAY_TELL = re.compile(r":|\w (?:with|by|using|via) |-by ", re.IGNORECASE)
_LINK = re.compile(r"[\s*•-]*(?:[A-Z][\w -]{0,40}:\s*)?<?https?://(?P<address>[^\s>]+)>?\s*")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_AFTER = re.compile(r"\s+(?:for|on|in|at|from|started)\s.*|https?://.*", re.DOTALL)
_SCRIPT = re.compile(r"[\w.-]+/[\w./-]+:|\.(?:sh|py|js|ts|rb|pl|go|rs|exe|yml|yaml|json|toml)\b")
# Begins only at a word's beginning, so that a line without an address is scanned once.
_ADDRESS = re.compile(r"(?<![^\s<>,;@])[^\s<>,;@]{1,200}@[^\s<>,;@]{1,200}")
_FIRST_WORD = re.compile(r"[\W_]*([\w%]+(?:[/-]\w+)*)(?![\w-])")
_AROUND_NAME = " \t<>,;"
_AIDER_SUBJECT = re.compile(r"aider: (?!.*(?:->|→|\binit at\b))\S")
_SIGNATURE_WORDS = 6


def message_evidence(commit: CommitDetails) -> tuple[Evidence, ...]:
    """The evidence in a message, in order, each writer once for each kind of evidence."""
    found: dict[tuple[EvidenceKind, str, str, str], Evidence] = {}
    for kind, writer, line in _traces(commit.message[:MESSAGE_CHARACTERS]):
        key = (kind, writer.tool, writer.vendor, writer.model)
        if key not in found or writer.confidence > found[key].confidence:
            found[key] = writer.evidence(kind, line.strip()[:_POINTER_CHARACTERS], commit.id)
    return tuple(found.values())


_Trace = tuple[EvidenceKind, NamedWriter, str]


def _traces(message: str) -> Iterator[_Trace]:
    if _AIDER_SUBJECT.match(message):
        subject = message.split("\n", 1)[0]
        yield EvidenceKind.TRAILER, NamedWriter("aider", "", "", Confidence.LOW), subject
    agents: list[NamedWriter] = []
    models: list[str] = []
    is_new_paragraph = False
    is_squashed = _SQUASHED in message
    for line in _lines(message):
        traces: list[_Trace] = []
        if _MAY_TELL.search(line):
            traces = list(_traces_in(line, models, is_new_paragraph=is_new_paragraph))
            yield from traces
            yield from _squashed_author(line, is_squashed=is_squashed)
        agents += [writer for kind, writer, _ in traces if kind is EvidenceKind.TRAILER]
        is_new_paragraph = not line.strip() or bool(traces)
    for line in models if agents else ():
        value = line.partition(":")[2]
        yield EvidenceKind.TRAILER, _with_model(agents, value), line


def _lines(message: str) -> Iterator[str]:
    """The lines outside quotations and examples."""
    # Some agents pass a message to a shell with escaped line feeds.
    lines = message.replace("\\n", "\n").split("\n")
    yield from own_lines(line[:_LINE_CHARACTERS] for line in lines)


def _traces_in(line: str, models: list[str], *, is_new_paragraph: bool) -> Iterator[_Trace]:
    """The traces in a line; a line that names only a model is added to `models`."""
    if match := _KEYED.match(line) or _KEYED_WITHOUT_COLON.match(line):
        key, value = match[1].lower().replace(" ", "-"), match[2]
        role = conventions().keys.get(key)
        if role == "co_author":
            yield from _co_authors(value, line)
        elif role == "agent":
            yield from ((EvidenceKind.TRAILER, writer, line) for writer in _agents(value))
        elif role == "model" and model_family(value):
            models.append(line)
        elif tool := conventions().by_session.get(key):
            writer = NamedWriter(tool.name, tool.vendor, "", tool.sure)
            yield EvidenceKind.TRAILER, writer, line
    if "://" in line and (match := _LINK.fullmatch(line)):
        if tool := conventions().tool_of_link(match["address"]):
            yield EvidenceKind.TRAILER, NamedWriter(tool.name, tool.vendor, "", tool.sure), line
    elif (match := _SIGNED.match(line)) and (is_new_paragraph or not line[:1].isascii()):
        yield from ((EvidenceKind.TRAILER, writer, line) for writer in _signature(match))


def _squashed_author(line: str, *, is_squashed: bool) -> Iterator[_Trace]:
    """The agent in an `Author:` line of `git merge --squash`, or of a quoted `git log`."""
    match = _KEYED.match(line)
    if match is None or conventions().keys.get(match[1].lower()) != "squashed":
        return
    for name, email in _people(match[2]):
        if writer := writer_of(name, email):
            # Without git's heading, the line may be about another commit.
            sure = writer.confidence if is_squashed else Confidence.LOW
            yield EvidenceKind.IDENTITY, replace(writer, confidence=sure), line


def _co_authors(value: str, line: str) -> Iterator[_Trace]:
    for name, email in list(_people(value)) or [(value, "")]:
        if writer := writer_of(name.strip(), email):
            kind = EvidenceKind.TRAILER if writer.model else EvidenceKind.IDENTITY
            yield kind, writer, line


def _people(value: str) -> Iterator[tuple[str, str]]:
    """The names and addresses in a value, with or without brackets around the addresses."""
    end = 0
    for match in _ADDRESS.finditer(value):
        yield value[end : match.start()].strip(_AROUND_NAME), match[0].rstrip(".")
        end = match.end()


def _agents(value: str) -> tuple[NamedWriter, ...]:
    """The writers in a trailer about agents; none for people, scripts and yes-or-no answers."""
    if _says_nobody(value) or _SCRIPT.search(value):
        return ()
    name, email = next(_people(value), ("", ""))
    if not email:
        return writers_named(value) or writers_misspelt(value)
    if writer := writer_of(name, email):
        return (writer,)
    return writers_named(
        _ADDRESS.sub(" ", value), MentionPlace.NAME if name else MentionPlace.TRAILER
    )


def _says_nobody(value: str) -> bool:
    """Whether a value denies that an agent took part, or doesn't say which."""
    known = conventions()
    lower = value.strip().lower()
    first = _FIRST_WORD.match(lower)
    return lower in known.says_nothing or bool(first and first[1] in known.denials)


def _signature(match: re.Match[str]) -> tuple[NamedWriter, ...]:
    """The writers in `Generated with …`; none if the sentence continues."""
    named = _AFTER.sub("", _MARKDOWN_LINK.sub(r"\1", match["by"]))
    if len(named.split()) > _SIGNATURE_WORDS or _SCRIPT.search(named) or _says_nobody(named):
        return ()
    is_plain = match["verb"].lower() in conventions().footers.plain and match["how"] != "by"
    is_marked = (
        not match["mark"].isascii() or "](" in match["by"] or "automatically" in match["verb"]
    )
    return writers_named(
        named, MentionPlace.MARKED_FOOTER if is_plain or is_marked else MentionPlace.FOOTER
    )


def _with_model(agents: list[NamedWriter], value: str) -> NamedWriter:
    """The model of a `Model:` trailer with the agent that the message names."""
    family, model = model_family(value), model_in(value)
    tool = next((one.tool for one in agents if one.vendor in ("", family) and one.tool), "")
    return NamedWriter(tool, family, model, Confidence.HIGH if model else Confidence.MEDIUM)
