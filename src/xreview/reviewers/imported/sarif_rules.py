"""The rules of a SARIF run, and the messages that refer to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from xreview.reviewers.imported.mapping import LEVELS
from xreview.reviewers.imported.node import Node

_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\[\]\\])*)\]\([^()\s]*\)")
_ESCAPED = re.compile(r"\\([\[\]])")
_PLACEHOLDER = re.compile(r"\{(\d{1,6})\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a run says about a rule; all of it may be absent.

    Args:
        score: `security-severity`. templates: its message strings by their ids.
    """

    id: str = ""
    name: str = ""
    description: str = ""
    help_uri: str = ""
    level: str = ""
    score: float | None = None
    precision: str = ""
    tags: tuple[str, ...] = ()
    templates: dict[str, str] = field(default_factory=dict[str, str])

    def claim(self, message: str) -> str:
        """The message, and where to read more."""
        url = self.help_uri if self.help_uri.startswith(("https://", "http://")) else ""
        return "\n\n".join(filter(None, (message or self.description, url and f"See {url}")))


class Rules:
    """The rules of a tool's driver and extensions, for results that name them in any way."""

    def __init__(self, tool: Node) -> None:
        driver = tool.need("driver")
        self._components = [
            [*_rules(component)] for component in (driver, *tool.items_of("extensions"))
        ]
        self._by_id: dict[str, Rule] = {}
        for component in self._components:
            for rule in component:
                self._by_id.setdefault(rule.id, rule)
        self._strings = _strings(driver.get("globalMessageStrings"))

    def of(self, result: Node) -> Rule:
        """The rule of a result, by its place or its id (section 3.27.5 to 3.27.7)."""
        reference = result.get("rule")
        id = result.text_of("ruleId") or (reference.text_of("id") if reference else "")
        index = result.whole_of("ruleIndex")
        component = 0
        if reference is not None:
            index = reference.whole_of("index") if index is None else index
            owner = reference.get("toolComponent")
            place = owner.whole_of("index") if owner else None
            # Extensions are counted from 0; the driver has no index.
            component = 0 if place is None else place + 1
        found = self._at(component, -1 if index is None else index)
        if found is not None and (not id or _is_under(id, found.id)):
            return _with_id(found, id)
        return _with_id(self._by_id.get(id) or self._by_id.get(id.rpartition("/")[0]), id)

    def message(self, message: Node, rule: Rule) -> str:
        """The text of a message, its placeholders filled and without links (section 3.11)."""
        text = message.text_of("text") or message.text_of("markdown")
        id = message.text_of("id")
        if not text and id:
            text = rule.templates.get(id) or self._strings.get(id, "")
        arguments = [argument.text() for argument in message.items_of("arguments")]
        if arguments:
            text = _PLACEHOLDER.sub(
                lambda found: (
                    arguments[int(found[1])] if int(found[1]) < len(arguments) else found[0]
                ),
                text,
            )
        return _ESCAPED.sub(r"\1", _LINK.sub(r"\1", text)).strip()

    def _at(self, component: int, index: int) -> Rule | None:
        if not 0 <= component < len(self._components):
            return None
        rules = self._components[component]
        return rules[index] if 0 <= index < len(rules) else None


def _is_under(id: str, rule: str) -> bool:
    return id == rule or id.startswith(f"{rule}/")


def _with_id(rule: Rule | None, id: str) -> Rule:
    if rule is None:
        return Rule(id=id)
    return rule if not id or rule.id == id else replace(rule, id=id)


def _rules(component: Node) -> Iterator[Rule]:
    for rule in component.items_of("rules"):
        properties, configuration = rule.get("properties"), rule.get("defaultConfiguration")
        short = _text(rule.get("shortDescription"))
        tags = properties.items_of("tags") if properties else []
        yield Rule(
            id=rule.need("id").text(),
            name=" ".join(filter(None, (rule.text_of("name"), short))),
            description=_text(rule.get("fullDescription")) or short,
            help_uri=rule.text_of("helpUri"),
            level=level_of(configuration) if configuration else "",
            score=score_of(properties),
            precision=word_of(properties, "precision"),
            tags=tuple(tag.text() for tag in tags),
            templates=_strings(rule.get("messageStrings")),
        )


def _strings(strings: Node | None) -> dict[str, str]:
    named = strings.fields() if strings else {}
    return {name: _text(string) for name, string in named.items()}


def _text(string: Node | None) -> str:
    return string.text_of("text") if string else ""


def level_of(node: Node) -> str:
    """The field `level` of a result, a notification or a configuration; "" where it is absent."""
    level = node.get("level")
    if level is None:
        return ""
    if (word := level.text().lower()) not in LEVELS:
        raise level.refusal(f"is none of {', '.join(sorted(LEVELS))}")
    return word


def word_of(properties: Node | None, name: str) -> str:
    """A word in a property bag. Bags are anybody's: what is no string is not what we look for."""
    found = properties.get(name) if properties else None
    return found.value if found is not None and isinstance(found.value, str) else ""


def score_of(properties: Node | None) -> float | None:
    """`security-severity`, which GitHub defines as a number in a string; None where it is none."""
    found = properties.get("security-severity") if properties else None
    if found is None or not isinstance(found.value, str | int | float):
        return None
    try:
        return float(found.value)
    except (ValueError, OverflowError):
        return None
