"""The prompt templates: data files in `xreview/lenses`, read and completed.

A lens has its own file and shares `common.toml`; `compact.toml` says the same in fewer words for
models with a small window. The questions `rebut`, `arbiter` and `measure` each have a file, share
`answers.toml`, and show the change in the same words as a review.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from string import Template as Placeholders
from typing import Any, cast

from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Lens
from xreview.review.reply.schema import ANSWER_SCHEMA


@dataclass(frozen=True, slots=True)
class Template:
    """The complete texts of a prompt, without the change.

    Args:
        name, version: from the data file.
        digest: SHA-256 in hexadecimal of the texts and the schema: the journal keeps it, to tell
            which words led to a finding.
        instructions: the system prompt.
        purpose, conventions, change: what introduces each fenced part.
        closing: the last words, for a review the questions of the lens.
        schema: the schema of the answer; without descriptions in a compact template.
        introduction: what introduces a question about the code; "" for a review.
        is_own: whether some of its words are the user's.
    """

    name: str
    version: int
    digest: str
    instructions: str
    purpose: str
    conventions: str
    change: str
    closing: str
    schema: Mapping[str, Any] = field(repr=False, compare=False)
    introduction: str = ""
    is_own: bool = False

    @property
    def reference(self) -> str:
        """Name and version as the journal has them: `risk/1`, or `risk/1+yours` with words of the
        user's."""
        return f"{self.name}/{self.version}{OWN_MARK if self.is_own else ''}"

    @property
    def label(self) -> str:
        """The reference and the beginning of the digest: `risk/1 (0123456789ab)`."""
        return f"{self.reference} ({self.digest[:12]})"


OWN_MARK = "+yours"
"""Tells a user's version of a template from ours in the journal."""

NO_WORDS: Mapping[str, Any] = {}
_SHOWN = ("purpose", "conventions", "change")
_TEXTS = ("instructions", *_SHOWN, "closing")
_QUOTING = ("rebut", "arbiter", "verify")
"""The questions whose answers must quote the code."""


def _without_descriptions(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        fields = cast("Mapping[str, Any]", schema)
        # A property may itself be called "description"; then its value isn't a string.
        return {
            name: _without_descriptions(value)
            for name, value in fields.items()
            if not (name == "description" and isinstance(value, str))
        }
    if isinstance(schema, list):
        return [_without_descriptions(one) for one in cast("list[Any]", schema)]
    return schema


@cache
def template_for(lens: Lens) -> Template:
    """The template of a lens. Raises KeyError or ValueError if a data file is wrong."""
    return lens_template(lens)


@cache
def compact_template_for(lens: Lens) -> Template:
    """The compact template of a lens. Raises KeyError or ValueError if a data file is wrong."""
    return compact_lens_template(lens)


def lens_template(lens: Lens, own: Mapping[str, Any] = NO_WORDS) -> Template:
    """The template of a lens with words of the user's (`prompt.own`) in place of ours."""
    ours = shipped_template(lens.value)
    used = {**ours, **own}
    texts = _texts(_read("common"), used, used["questions"])
    made = _template(ours["name"], ours["version"], texts, ANSWER_SCHEMA)
    return _told_apart(made, template_for(lens)) if own else made


def compact_lens_template(lens: Lens, own: Mapping[str, Any] = NO_WORDS) -> Template:
    """The compact template of a lens with words of the user's in place of ours."""
    ours, common = shipped_template(lens.value), _read("compact")
    used = {**ours, **own}
    texts = _texts(common, used, used["compact"])
    schema = _without_descriptions(ANSWER_SCHEMA)
    made = _template(f"{ours['name']}-compact", common["version"], texts, schema)
    return _told_apart(made, compact_template_for(lens)) if own else made


def question_template(
    name: str,
    schema: Mapping[str, Any],
    words: Mapping[str, str] | None = None,
    own: Mapping[str, Any] = NO_WORDS,
) -> Template:
    """The template of a question; `words` replace its placeholders beside `$rules` and are never
    untrusted text. Raises KeyError or ValueError if its file is wrong.

    With words of the user's, the rules demand a quote too, which our own words do at length.
    """
    common, ours, answers = _read("common"), shipped_template(name), _read("answers")
    used = {**ours, **own}
    rules = answers["rules"].strip()
    if name in _QUOTING and used["instructions"].strip() != ours["instructions"].strip():
        rules = f"{answers['quote'].strip()}\n\n{rules}"
    texts = {key: common[key].strip() for key in _SHOWN}
    for key in ("instructions", "closing"):
        texts[key] = Placeholders(used[key]).substitute({"rules": rules, **(words or {})}).strip()
    texts["introduction"] = used["introduction"].strip()
    made = _template(ours["name"], ours["version"], texts, schema)
    return _told_apart(made, question_template(name, schema, words)) if own else made


def shipped_template(name: str) -> dict[str, Any]:
    """The values of our own file for a lens or a question."""
    return _read(name)


def _told_apart(made: Template, ours: Template) -> Template:
    """The template, marked as the user's if it differs from ours."""
    return replace(made, is_own=made.digest != ours.digest)


def _texts(
    common: Mapping[str, Any], own: Mapping[str, Any], questions: Sequence[str]
) -> dict[str, str]:
    words = {
        "focus": own["focus"],
        "questions": "\n".join(f"- {question}" for question in questions),
        "categories": ", ".join(own["categories"]),
    }
    return {name: Placeholders(common[name]).substitute(words).strip() for name in _TEXTS}


def _template(
    name: str, version: int, texts: Mapping[str, str], schema: Mapping[str, Any]
) -> Template:
    hashed = json.dumps([texts, schema], sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(hashed.encode("ascii")).hexdigest()
    return Template(name, version, digest, schema=schema, is_own=False, **texts)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("xreview.lenses").joinpath(f"{name}.toml").read_text("utf-8"))
