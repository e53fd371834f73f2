"""The user's own prompts: `prompts/NAME.toml` beside the configuration, never in a repository.

A file holds only the words that the user changes, and the version of ours that they replace.
The rules that make replies trustworthy (common, compact and answers.toml, the schemas) aren't
among them. A broken file is an error before anything is sent: ours isn't used in its place.
"""

import os
import string
from collections.abc import Mapping
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, cast

from xreview.config.document import TomlDocument, parse_toml, read_config_file
from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass, field
from xreview.domain.report import Lens
from xreview.domain.text import shorten, visible, visible_block
from xreview.review.prompt.template import (
    NO_WORDS,
    Template,
    compact_lens_template,
    compact_template_for,
    lens_template,
    question_template,
    shipped_template,
    template_for,
)

BASED_ON = "based_on"
SUFFIX = ".toml"
_MOST_FILES = 100
"""Entries of the folder that are looked at."""
_LARGEST_VERSION = 1_000_000
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A part of a prompt that a user can replace.

    Args:
        longest: characters of the text, or of each text in a list.
        most: texts in the list; 0 for a single text.
        placeholders: what the text must contain, each as `$name`; None if `$` means nothing in it.
    """

    longest: int
    most: int = 0
    placeholders: tuple[str, ...] | None = None


_LENS_PARTS = {
    "focus": PromptPart(500),
    "questions": PromptPart(1_000, most=30),
    "compact": PromptPart(300, most=12),
}


def _question_parts(*placeholders: str) -> dict[str, PromptPart]:
    return {
        "instructions": PromptPart(12_000, placeholders=("rules", *placeholders)),
        "introduction": PromptPart(2_000),
        "closing": PromptPart(2_000, placeholders=()),
    }


OWN_PARTS: Mapping[str, Mapping[str, PromptPart]] = {
    **{lens.value: _LENS_PARTS for lens in Lens},
    "rebut": _question_parts(),
    "arbiter": _question_parts(),
    "measure": _question_parts("language", "framework"),
    "verify": _question_parts(),
}
"""What a user can replace in each prompt; everything else is ours for good."""


@dataclass(frozen=True)
class OwnPrompt:
    """A user's valid file: its words by part, and the version of ours that they are based on."""

    name: str
    path: Path
    based_on: int
    words: Mapping[str, Any]

    @property
    def is_behind(self) -> bool:
        """Whether ours has another version by now."""
        return self.based_on != shipped_version(self.name)

    @property
    def basis(self) -> str:
        """`yours is based on version 1, ours is 2 now`; "" if they are the same."""
        if not self.is_behind:
            return ""
        return (
            f"yours is based on version {self.based_on}, ours is {shipped_version(self.name)} now"
        )


@dataclass(frozen=True)
class OwnPrompts:
    """The user's prompts by name, and the templates with their words in place of ours."""

    prompts: Mapping[str, OwnPrompt] = field(default_factory=dict[str, OwnPrompt])

    def review(self, lens: Lens) -> Template:
        """The template of a lens."""
        own = self._words(lens.value)
        return lens_template(lens, own) if own else template_for(lens)

    def compact(self, lens: Lens) -> Template:
        """The template of a lens for a small window."""
        own = self._words(lens.value)
        return compact_lens_template(lens, own) if own else compact_template_for(lens)

    def question(
        self, name: str, schema: Mapping[str, Any], words: Mapping[str, str] | None = None
    ) -> Template:
        """The template of a question; as `question_template`."""
        return question_template(name, schema, words, self._words(name))

    @property
    def notices(self) -> tuple[str, ...]:
        """A sentence for each prompt of the user's whose basis has moved on."""
        return tuple(
            f"Prompt {one.name}: {one.basis}. Compare: `xreview-tui prompt diff {one.name}`."
            for one in self.prompts.values()
            if one.is_behind
        )

    def _words(self, name: str) -> Mapping[str, Any]:
        return self.prompts[name].words if name in self.prompts else NO_WORDS


NO_OWN_PROMPTS = OwnPrompts()


def shipped_version(name: str) -> int:
    """The version of our prompt of that name."""
    version: int = shipped_template(name)["version"]
    return version


def read_own_prompts(folder: Path) -> OwnPrompts:
    """The user's prompts in a folder, which need not exist.

    Raises ConfigError with the file, the key, and what to do, for the first that is wrong.
    """
    return OwnPrompts({name: read_own_prompt(folder, name) for name in _names_in(folder)})


def read_own_prompt(folder: Path, name: str) -> OwnPrompt:
    """The user's prompt of one of the names in `OWN_PARTS`. Raises ConfigError, also if the file
    doesn't exist."""
    path = folder / f"{name}{SUFFIX}"
    content = read_config_file(path, is_own=True)
    if content is None:
        raise ConfigError(
            "This prompt doesn't exist.",
            f"Start one: `xreview-tui prompt copy {name}`.",
            path=str(path),
        )
    return _Reading(name, path, parse_toml(content, str(path))).prompt()


def _names_in(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            found = [one.name for one in islice(entries, _MOST_FILES)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ConfigError(
            f"This folder can't be read: {reason}.", "Check its permissions.", path=str(folder)
        ) from error
    names: list[str] = []
    for file in sorted(found):
        name = file.removesuffix(SUFFIX)
        if name == file or file.startswith("."):
            continue
        if name not in OWN_PARTS:
            raise ConfigError(
                f"There's no prompt “{visible(shorten(name, _LONGEST_SHOWN))}” to override.",
                f"{_near(name, OWN_PARTS)}Rename or remove the file.",
                path=visible(str(folder / file)),
            )
        names.append(name)
    return names


def _near(word: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(word, list(known), 1, 0.6)
    return f"Did you mean {near[0]}? " if near else f"Use one of: {', '.join(known)}. "


class _Reading:
    """Validates one file."""

    def __init__(self, name: str, path: Path, document: TomlDocument) -> None:
        self._name = name
        self._path = path
        self._document = document
        self._parts = OWN_PARTS[name]

    def prompt(self) -> OwnPrompt:
        """The prompt. Raises ConfigError."""
        values = self._document.values
        known = {BASED_ON: None, **self._parts}
        for key in values:
            if key not in known:
                raise self._unknown(key, known)
        words = {
            key: self._checked(key, part) for key, part in self._parts.items() if key in values
        }
        return OwnPrompt(self._name, self._path, self._based_on(), words)

    def _unknown(self, key: str, known: Mapping[str, Any]) -> ConfigError:
        shown = visible(shorten(key, _LONGEST_SHOWN))
        if key in shipped_template(self._name):
            return self._wrong(key, f"“{shown}” can't be changed in your prompt.", "Remove it.")
        return self._wrong(
            key, f"“{shown}” isn't a part of this prompt.", _near(key, known).strip()
        )

    def _based_on(self) -> int:
        version: object = self._document.values.get(BASED_ON)
        now = shipped_version(self._name)
        if type(version) is not int or not 1 <= version <= _LARGEST_VERSION:
            raise self._wrong(
                BASED_ON,
                f"“{BASED_ON}” must be the version of our prompt that yours is based on.",
                f"Write `{BASED_ON} = {now}` if you have compared them.",
            )
        if version > now:
            raise self._wrong(
                BASED_ON,
                f"“{BASED_ON}” is {version}, but our prompt has version {now}.",
                f"Write `{BASED_ON} = {now}`, or update xreview-tui.",
            )
        return version

    def _checked(self, key: str, part: PromptPart) -> str | list[str]:
        value: object = self._document.values[key]
        if not part.most:
            return self._text(key, value, part)
        if not isinstance(value, list) or not value:
            raise self._wrong(key, f"“{key}” must be a list of texts.", 'Write `["…", "…"]`.')
        texts = cast("list[object]", value)
        if len(texts) > part.most:
            raise self._wrong(
                key, f"“{key}” has {len(texts):,} texts; the most is {part.most}.", "Shorten it."
            )
        return [self._text(key, one, part) for one in texts]

    def _text(self, key: str, value: object, part: PromptPart) -> str:
        if not isinstance(value, str):
            raise self._wrong(key, f"“{key}” must be text.", "Put it into quotes.")
        if not value.strip():
            raise self._wrong(key, f"“{key}” is blank.", "Remove it to use our words.")
        if len(value) > part.longest:
            told = f"“{key}” has {len(value):,} characters; the most is {part.longest:,}."
            raise self._wrong(key, told, "Shorten it.")
        if visible_block(value) != value:
            raise self._wrong(
                key,
                f"“{key}” contains control or invisible characters.",
                "Write it in plain text, with line feeds and tabs only.",
            )
        if part.placeholders is not None:
            self._check_placeholders(key, value, part.placeholders)
        return value.strip()

    def _check_placeholders(self, key: str, text: str, wanted: tuple[str, ...]) -> None:
        template = string.Template(text)
        if not template.is_valid():
            raise self._wrong(key, f"“{key}” has a “$” without a name.", "Write `$$` for a “$”.")
        found = template.get_identifiers()
        if missing := [one for one in wanted if one not in found]:
            told = f"“{key}” lacks ${missing[0]}, which stands for words that must be in it."
            raise self._wrong(key, told, f"Put ${missing[0]} where they belong.")
        if unknown := [one for one in found if one not in wanted]:
            name = visible(shorten(unknown[0], _LONGEST_SHOWN))
            known = ", ".join(f"${one}" for one in wanted)
            advice = f"Use {known}, or write `$$` for a “$”." if wanted else "Write `$$` for a “$”."
            raise self._wrong(key, f"“{key}” has an unknown placeholder ${name}.", advice)

    def _wrong(self, key: str, message: str, advice: str) -> ConfigError:
        line = self._document.lines.get((key,))
        return ConfigError(message, advice, path=str(self._path), line=line)
