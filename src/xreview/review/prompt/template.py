"""The prompts as data files: `xreview/lenses/<lens>.toml` and what they share in `common.toml`.

A model with a small window gets the same task in the shorter words of `compact.toml`.

A template is named by its lens, counted by its version and told apart by its digest: SHA-256 over
its texts and the schema of the answer, so that the journal can say by which words a finding came.
Questions that are no review (`rebut`, `arbiter`, `measure`) have a file of their own each, share
`answers.toml`, and show the change in the same words as a review.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template as Placeholders
from typing import Any, cast

from xreview.domain.report import Lens
from xreview.review.reply.schema import ANSWER_SCHEMA


@dataclass(frozen=True, slots=True)
class Template:
    """The texts of one lens, complete: nothing is put into them any more.

    Args:
        name, version: as the data file says.
        digest: SHA-256 in hexadecimal of the texts and the answer's schema.
        is_compact: whether it is the short version, for small windows.
        instructions: the system prompt.
        purpose, conventions, change: what introduces each fenced part.
        closing: the questions of the lens, after the change.
    """

    name: str
    version: int
    digest: str
    is_compact: bool
    instructions: str
    purpose: str
    conventions: str
    change: str
    closing: str

    @property
    def schema(self) -> Mapping[str, Any]:
        """What the answer to a review must follow; without descriptions in the short version."""
        return _COMPACT_SCHEMA if self.is_compact else ANSWER_SCHEMA

    @property
    def label(self) -> str:
        """Name, version and the beginning of the digest, for people: `risk/1 (0123456789ab)`."""
        return f"{self.name}/{self.version} ({self.digest[:12]})"


_SHOWN = ("purpose", "conventions", "change")
_TEXTS = ("instructions", "purpose", "conventions", "change", "closing")


def _without_descriptions(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        fields = cast("Mapping[str, Any]", schema)
        # The name of a property may be "description" too; only as a text is it one.
        return {
            name: _without_descriptions(value)
            for name, value in fields.items()
            if not (name == "description" and isinstance(value, str))
        }
    if isinstance(schema, list):
        return [_without_descriptions(one) for one in cast("list[Any]", schema)]
    return schema


_COMPACT_SCHEMA: Mapping[str, Any] = _without_descriptions(ANSWER_SCHEMA)


@cache
def template_for(lens: Lens) -> Template:
    """The template of a lens, read once. Raises KeyError or ValueError where a file is wrong."""
    own = _read(lens.value)
    texts = _texts(_read("common"), own, own["questions"])
    return Template(own["name"], own["version"], _digest(texts, ANSWER_SCHEMA), False, **texts)


@cache
def compact_template_for(lens: Lens) -> Template:
    """The same in few words. Raises KeyError or ValueError where a file is wrong."""
    own, common = _read(lens.value), _read("compact")
    texts = _texts(common, own, own["compact"])
    name = f"{own['name']}-compact"
    digest = _digest(texts, _COMPACT_SCHEMA)
    return Template(name, common["version"], digest, True, **texts)


def _texts(
    common: Mapping[str, Any], own: Mapping[str, Any], questions: Sequence[str]
) -> dict[str, str]:
    words = {
        "focus": own["focus"],
        "questions": "\n".join(f"- {question}" for question in questions),
        "categories": ", ".join(own["categories"]),
    }
    return {name: Placeholders(common[name]).substitute(words).strip() for name in _TEXTS}


@dataclass(frozen=True, slots=True)
class QuestionTemplate:
    """The texts of a question that is no review.

    Args:
        frame: as for a review; its closing stands at the very end.
        introduction: what introduces that which is asked about, fenced, after the code.
    """

    frame: Template
    introduction: str


def question_template(
    name: str, schema: Mapping[str, Any], words: Mapping[str, str] | None = None
) -> QuestionTemplate:
    """The template of a question. Raises KeyError or ValueError where a file is wrong.

    Args:
        name: of its file.
        schema: of the answer.
        words: what its placeholders stand for, beside `$rules`; words of ours, never data.
    """
    common, own, rules = _read("common"), _read(name), _read("answers")["rules"].strip()
    texts = {key: common[key].strip() for key in _SHOWN}
    for key in ("instructions", "closing"):
        texts[key] = Placeholders(own[key]).substitute({"rules": rules, **(words or {})}).strip()
    told = own["introduction"].strip()
    digest = _digest({**texts, "introduction": told}, schema)
    return QuestionTemplate(Template(own["name"], own["version"], digest, False, **texts), told)


def _digest(texts: Mapping[str, str], schema: Mapping[str, Any]) -> str:
    hashed = json.dumps([texts, schema], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(hashed.encode("ascii")).hexdigest()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("xreview.lenses").joinpath(f"{name}.toml").read_text("utf-8"))
