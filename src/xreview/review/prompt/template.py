"""The prompts as data files: `xreview/lenses/<lens>.toml` and what they share in `common.toml`.

A template is named by its lens, counted by its version and told apart by its digest: SHA-256 over
its texts and the schema of the answer, so that the journal can say by which words a finding came.
"""

import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template as Placeholders
from typing import Any

from xreview.domain.report import Lens
from xreview.review.reply.schema import ANSWER_SCHEMA


@dataclass(frozen=True, slots=True)
class Template:
    """The texts of one lens, complete: nothing is put into them any more.

    Args:
        name, version: as the data file says.
        digest: SHA-256 in hexadecimal of the texts and the answer's schema.
        instructions: the system prompt.
        purpose, conventions, change: what introduces each fenced part.
        closing: the questions of the lens, after the change.
    """

    name: str
    version: int
    digest: str
    instructions: str
    purpose: str
    conventions: str
    change: str
    closing: str

    @property
    def label(self) -> str:
        """Name, version and the beginning of the digest, for people: `risk/1 (0123456789ab)`."""
        return f"{self.name}/{self.version} ({self.digest[:12]})"


_TEXTS = ("instructions", "purpose", "conventions", "change", "closing")


@cache
def template_for(lens: Lens) -> Template:
    """The template of a lens, read once. Raises KeyError or ValueError where a file is wrong."""
    common, own = _read("common"), _read(lens.value)
    questions: list[str] = own["questions"]
    words = {
        "focus": own["focus"],
        "questions": "\n".join(f"- {question}" for question in questions),
        "categories": ", ".join(own["categories"]),
    }
    texts = {name: Placeholders(common[name]).substitute(words).strip() for name in _TEXTS}
    hashed = json.dumps([texts, ANSWER_SCHEMA], sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(hashed.encode("ascii")).hexdigest()
    return Template(own["name"], own["version"], digest, **texts)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("xreview.lenses").joinpath(f"{name}.toml").read_text("utf-8"))
