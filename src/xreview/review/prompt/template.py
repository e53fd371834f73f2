"""The prompt templates: data files in `xreview/lenses`, read and completed.

A lens has its own file and shares `common.toml`; `compact.toml` says the same in fewer words for
models with a small window. The questions `rebut`, `arbiter` and `measure` each have a file, share
`answers.toml`, and show the change in the same words as a review.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Template as Placeholders
from typing import Any, cast

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

    @property
    def label(self) -> str:
        """Name, version and the beginning of the digest: `risk/1 (0123456789ab)`."""
        return f"{self.name}/{self.version} ({self.digest[:12]})"


_SHOWN = ("purpose", "conventions", "change")
_TEXTS = ("instructions", *_SHOWN, "closing")


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
    own = _read(lens.value)
    texts = _texts(_read("common"), own, own["questions"])
    return _template(own["name"], own["version"], texts, ANSWER_SCHEMA)


@cache
def compact_template_for(lens: Lens) -> Template:
    """The compact template of a lens. Raises KeyError or ValueError if a data file is wrong."""
    own, common = _read(lens.value), _read("compact")
    texts = _texts(common, own, own["compact"])
    schema = _without_descriptions(ANSWER_SCHEMA)
    return _template(f"{own['name']}-compact", common["version"], texts, schema)


def question_template(
    name: str, schema: Mapping[str, Any], words: Mapping[str, str] | None = None
) -> Template:
    """The template of a question; `words` replace its placeholders beside `$rules` and are never
    untrusted text. Raises KeyError or ValueError if its file is wrong."""
    common, own, rules = _read("common"), _read(name), _read("answers")["rules"].strip()
    texts = {key: common[key].strip() for key in _SHOWN}
    for key in ("instructions", "closing"):
        texts[key] = Placeholders(own[key]).substitute({"rules": rules, **(words or {})}).strip()
    texts["introduction"] = own["introduction"].strip()
    return _template(own["name"], own["version"], texts, schema)


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
    return Template(name, version, digest, schema=schema, **texts)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("xreview.lenses").joinpath(f"{name}.toml").read_text("utf-8"))
