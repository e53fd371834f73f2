"""The rules of a SARIF run, and the messages that refer to them."""

import re
from collections.abc import Iterator

from xreview.domain.record import dataclass, field, replace
from xreview.imports.describing import help_with, plain_text, web_url
from xreview.imports.mapping import LEVELS
from xreview.imports.node import Node

_PLACEHOLDER = re.compile(r"\{(\d{1,6})\}")


@dataclass(frozen=True, slots=True)
class SarifRule:
    """What a run says about a rule; everything may be absent.

    Args:
        score: `security-severity`. rank: its priority, from 0 to 100. templates: its message
            strings by their ids.
    """

    id: str = ""
    name: str = ""
    description: str = ""
    help: str = ""
    help_uri: str = ""
    level: str = ""
    score: float | None = None
    rank: float | None = None
    precision: str = ""
    tags: tuple[str, ...] = ()
    templates: dict[str, str] = field(default_factory=dict[str, str])

    def detail(self, message: str) -> str:
        """The rule's description and help as far as the message lacks them, and a link."""
        return help_with(message, (self.description, self.help), web_url(self.help_uri))


class Rules:
    """The rules of a tool's driver and extensions."""

    def __init__(self, tool: Node) -> None:
        driver = tool.need("driver")
        self._components = [
            [*_rules(component)] for component in (driver, *tool.items_of("extensions"))
        ]
        self._by_id: dict[str, SarifRule] = {}
        for component in self._components:
            for rule in component:
                self._by_id.setdefault(rule.id, rule)
        self._strings = _strings(driver.get("globalMessageStrings"))

    def of(self, result: Node) -> SarifRule:
        """The rule of a result, by its index or its id (sections 3.27.5 to 3.27.7)."""
        reference = result.get("rule")
        id = _id_of(result) or result.text_of("rule", "id")
        index = result.whole_of("ruleIndex")
        component = 0
        if reference is not None:
            index = reference.whole_of("index") if index is None else index
            place = reference.whole_of("toolComponent", "index")
            # Extensions are counted from 0; the driver has no index.
            component = 0 if place is None else place + 1
        found = self._at(component, -1 if index is None else index)
        if found is not None and (not id or _is_under(id, found.id)):
            return _with_id(found, id)
        return _with_id(self._by_id.get(id) or self._by_id.get(id.rpartition("/")[0]), id)

    def message(self, message: Node, rule: SarifRule) -> str:
        """The text of a message, with its placeholders filled and without links (section 3.11)."""
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
        return plain_text(text)

    def _at(self, component: int, index: int) -> SarifRule | None:
        if not 0 <= component < len(self._components):
            return None
        rules = self._components[component]
        return rules[index] if 0 <= index < len(rules) else None


def _is_under(id: str, rule: str) -> bool:
    return id == rule or id.startswith(f"{rule}/")


def _id_of(result: Node) -> str:
    """The id of a result's rule. Some tools write a number."""
    found = result.get("ruleId")
    if found is not None and isinstance(found.value, int) and not isinstance(found.value, bool):
        return str(found.whole())
    return "" if found is None else found.text()


def _with_id(rule: SarifRule | None, id: str) -> SarifRule:
    if rule is None:
        return SarifRule(id=id)
    return rule if not id or rule.id == id else replace(rule, id=id)


def _rules(component: Node) -> Iterator[SarifRule]:
    for rule in component.items_of("rules"):
        properties, configuration = rule.get("properties"), rule.get("defaultConfiguration")
        short = rule.text_of("shortDescription", "text")
        tags = rule.items_of("properties", "tags")
        yield SarifRule(
            id=rule.need("id").text(),
            name=" ".join(filter(None, (rule.text_of("name"), short))),
            description=rule.text_of("fullDescription", "text") or short,
            help=plain_text(rule.text_of("help", "text")),
            help_uri=rule.text_of("helpUri"),
            level=level_of(configuration) if configuration else "",
            score=score_of(properties),
            rank=number_of(configuration, "rank") if configuration else None,
            precision=word_of(properties, "precision"),
            tags=(*(tag.text() for tag in tags), *_taxa(rule)),
            templates=_strings(rule.get("messageStrings")),
        )


def _taxa(rule: Node) -> Iterator[str]:
    """The rule's entries in lists of weaknesses, such as `CWE-79`."""
    for relation in rule.items_of("relationships"):
        name = relation.text_of("target", "toolComponent", "name")
        if id := relation.text_of("target", "id"):
            yield f"{name}-{id}" if name.upper() == "CWE" and id.isdigit() else id


def _strings(strings: Node | None) -> dict[str, str]:
    named = strings.fields() if strings else {}
    return {name: string.text_of("text") for name, string in named.items()}


def level_of(node: Node) -> str:
    """The field `level` of a result, a notification or a configuration; "" where it is absent."""
    level = node.get("level")
    if level is None:
        return ""
    if (word := level.text().lower()) not in LEVELS:
        raise level.refusal(f"isn't one of {', '.join(sorted(LEVELS))}")
    return word


def word_of(properties: Node | None, name: str) -> str:
    """A string in a property bag; "" for other types, since tools use bags freely."""
    found = properties.get(name) if properties else None
    return found.value if found is not None and isinstance(found.value, str) else ""


def score_of(properties: Node | None) -> float | None:
    """`security-severity`, a number in a string by GitHub; None for anything else."""
    found = properties.get("security-severity") if properties else None
    if found is None or not isinstance(found.value, str | int | float):
        return None
    try:
        return float(found.value)
    except (ValueError, OverflowError):
        return None


def number_of(node: Node, name: str) -> float | None:
    """The number in a field; None where it is absent or -1, which means the same."""
    found = node.get(name)
    if found is None:
        return None
    if isinstance(found.value, bool) or not isinstance(found.value, int | float):
        raise found.refusal("isn't a number")
    return float(found.value) if 0 <= found.value <= 100 else None
