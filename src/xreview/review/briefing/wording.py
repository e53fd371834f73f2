"""Having a model word the title, what and why of a description; each sentence cites facts.

The rest of a description is never a model's. Template texts are data here as everywhere.
"""

import asyncio
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import cache
from importlib.resources import files
from typing import Any, cast

from xreview.domain.briefing.section import BriefSection
from xreview.domain.briefing.template import DescriptionTemplate
from xreview.domain.errors import ReviewerError
from xreview.domain.record import dataclass, replace
from xreview.domain.text import shorten, visible_block
from xreview.ports.model import ModelIdentity
from xreview.ports.request import ModelRequest
from xreview.ports.reviewer import Asked, Usage
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.conversation import Ending
from xreview.review.asking.dialogue import Dialogue, DialogueEnded
from xreview.review.asking.money import TurnUsage, UsageTotal
from xreview.review.briefing.basis import BriefBasis
from xreview.review.briefing.draft import BriefWording
from xreview.review.briefing.prose import inert_line
from xreview.review.prompt.compose import fenced, request_tokens
from xreview.review.prompt.room import room_in, too_narrow
from xreview.review.reply.schema import object_schema, text_schema
from xreview.review.writing.json_answer import result_object

_LONGEST_TITLE = 100
_LONGEST_SENTENCE = 400
_MOST_SENTENCES = 6
_LONGEST_FACT = 1_500
_MOST_FACTS = 60
_MOST_TITLES = 20
_MOST_OUTPUT = 4_000
_NAMED = re.compile(r"`([^`\n]{1,200})`")
_FORBIDDEN = re.compile(r"<!--|-->|<[a-zA-Z/]|://|(?:^|\s)@\w|\[[ xX]\]|\]\(")
_WANTED: Mapping[str, type] = {"title": dict, "what": list, "why": list}


def _sentence_schema(what: str) -> dict[str, Any]:
    ids = {"type": "array", "items": {"type": "string"}, "description": "The ids of its facts."}
    return object_schema(text=text_schema(what), facts=ids)


_SENTENCES = {"type": "array", "items": _sentence_schema("One sentence.")}
WORDING_SCHEMA: Mapping[str, Any] = object_schema(
    title=_sentence_schema("The title, one line."), what=_SENTENCES, why=_SENTENCES
)


@dataclass(frozen=True, slots=True)
class BriefFact:
    """Something that a model may say, with the id by which it is cited; raw."""

    id: str
    text: str


def brief_facts(basis: BriefBasis) -> tuple[BriefFact, ...]:
    """The facts about a change that its title, what and why can rest on."""
    texts = list(_facts(basis))[:_MOST_FACTS]
    return tuple(
        BriefFact(f"F{at}", shorten(one, _LONGEST_FACT)) for at, one in enumerate(texts, 1)
    )


def _facts(basis: BriefBasis) -> Iterator[str]:
    for message in basis.messages:
        yield f"A commit says: {message.strip()}"
    if basis.original:
        yield f"The author's description says: {basis.original.strip()}"
    for question in basis.questions:
        if said := basis.answers.get(question.text):
            yield f"Asked “{question.text}”, the author said: {said}"
    for file in basis.files:
        yield f"{file.path} is {file.status.word}, {file.added} lines added, {file.removed} removed"


def _template_text() -> str:
    return files("xreview.lenses").joinpath("brief.toml").read_text("utf-8")


@cache
def _template() -> dict[str, Any]:
    return tomllib.loads(_template_text())


def wording_label() -> str:
    """Name and version of the prompt."""
    return f"{_template()['name']}/{_template()['version']}"


def wording_request(
    facts: Sequence[BriefFact], template: DescriptionTemplate | None
) -> ModelRequest:
    """The question; everything of the repository is in its fence."""
    titles = [part.title for part in template.parts if part.title] if template else []
    asked = {
        "facts": {one.id: one.text for one in facts},
        "titles": [shorten(one, 80) for one in titles[:_MOST_TITLES]],
    }
    data = visible_block(json.dumps(asked, ensure_ascii=False, indent=1))
    texts = _template()
    parts = (texts["introduction"].strip(), fenced("facts", data), texts["closing"].strip())
    return ModelRequest(
        instructions=texts["instructions"].strip(),
        question="\n\n".join(parts),
        schema=WORDING_SCHEMA,
        schema_name="brief",
        max_output_tokens=_MOST_OUTPUT,
    )


def read_wording(text: str, facts: Sequence[BriefFact], by: str) -> BriefWording | list[str]:
    """The wording in an answer, or sentences that say what is wrong with it."""
    found = result_object(text, _WANTED, tuple(_WANTED))
    if isinstance(found, str):
        return [found]
    known = {one.id: one.text for one in facts}
    errors: list[str] = []
    title = _sentence(found["title"], "title", known, errors, _LONGEST_TITLE)
    sections: dict[BriefSection, str] = {}
    total = 0
    for name, section in (("what", BriefSection.WHAT), ("why", BriefSection.WHY)):
        entries = cast("list[object]", found[name])
        total += len(entries)
        told = [
            _sentence(one, f"{name}[{at}]", known, errors, _LONGEST_SENTENCE)
            for at, one in enumerate(entries[: _MOST_SENTENCES + 1])
        ]
        if any(told):
            sections[section] = inert_line(" ".join(filter(None, told)), _LONGEST_FACT * 2)
    if total > _MOST_SENTENCES:
        errors.append(f"It has {total} sentences; at most {_MOST_SENTENCES} are wanted.")
    if "\n" in title:
        errors.append("title has several lines.")
    return errors or BriefWording(title.strip().removesuffix("."), sections, by)


def _sentence(
    value: object, place: str, known: Mapping[str, str], errors: list[str], longest: int
) -> str:
    """One sentence, checked; "" with an error otherwise."""
    fields = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    text, cited = fields.get("text"), fields.get("facts")
    if not isinstance(text, str) or not text.strip() or not isinstance(cited, list):
        errors.append(f"{place} must have a text and facts.")
        return ""
    ids = cast("list[object]", cited)
    strange = [one for one in ids if one not in known] if all(map(_is_text, ids)) else ids
    if strange or not ids:
        errors.append(f"{place} must cite ids of given facts, and no others.")
        return ""
    if len(text) > longest:
        errors.append(f"{place} has {len(text):,} characters; the maximum is {longest}.")
    if _FORBIDDEN.search(text):
        errors.append(f"{place} has a link, a mention, a checkbox or HTML.")
    said = " ".join(known[str(one)] for one in ids)
    strange_names = [name for name in _NAMED.findall(text) if name not in said]
    errors += (
        f"{place} names `{shorten(one, 60)}`, none of its facts does" for one in strange_names
    )
    return visible_block(text).strip()


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _ignored(_: Asked | Usage) -> None:
    pass


async def word_brief(
    answerer: Answerer,
    basis: BriefBasis,
    template: DescriptionTemplate | None,
    hear: Callable[[Asked | Usage], None] = _ignored,
) -> BriefWording:
    """Ask a model for the wording; a wrong answer is repaired once.

    Args:
        hear: gets what was used so far after each turn, and how it was asked, however it ends.

    Raises ReviewerError if the answer is still wrong or there is no money for it, ModelError.
    """
    facts = brief_facts(basis)
    gate = answerer.gate
    passed = [await asyncio.to_thread(gate.text, one.text) for one in facts]
    cleaned = [BriefFact(fact.id, one.text) for fact, one in zip(facts, passed, strict=True)]
    who = answerer.identity
    bare = replace(wording_request(cleaned, template), effort=answerer.effort)
    window, needed = await answerer.window(), request_tokens(bare)
    if not room_in(window, needed).is_enough:
        raise too_narrow(window, needed, who.name)

    async def repair(text: str) -> str:
        read = read_wording(text, cleaned, who.label)
        if isinstance(read, BriefWording):
            return ""
        rows = "\n".join(f"- {one}" for one in read[:10])
        return f"The answer can't be used:\n{rows}\nAnswer once more with the whole JSON object."

    voice = answerer.voice
    ended, total, turns = DialogueEnded(Ending.INVALID), UsageTotal(), 0
    try:
        async with aclosing(Dialogue(voice.model, bare, voice.terms, gate).run(repair)) as saying:
            async for said in saying:
                if isinstance(said, DialogueEnded):
                    ended = said
                elif isinstance(said, TurnUsage):
                    turns += 1
                    hear(total.add(said))
    finally:
        hear(_asked(voice.model.identity, turns, sum(one.withheld for one in passed)))
    if ended.ending is not Ending.ANSWERED:
        why = ended.why or "it gave no answer"
        raise ReviewerError(f"{who.name} didn't word the description: {why}.", _WITHOUT)
    read = read_wording(ended.text, cleaned, who.label)
    if isinstance(read, BriefWording):
        return read
    raise ReviewerError(f"{who.name}'s wording can't be used: {read[0]}", _WITHOUT)


def _asked(who: ModelIdentity, requests: int, withheld: int) -> Asked:
    """How it was asked, for the journal."""
    return Asked(
        host=who.host if requests else "",
        model=who.model,
        served=(),
        prompt=wording_label(),
        digest=hashlib.sha256(_template_text().encode()).hexdigest(),
        requests=requests,
        remembered=0,
        withheld=withheld,
    )


_WITHOUT = "Leave --model out: the description is then written from the same facts."
