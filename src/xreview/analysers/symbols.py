"""Finding definitions and calls of functions in a syntax tree: a table for each grammar."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from ast_grep_py import Config, SgNode, SgRoot

from xreview.analysers.grammars import C_FAMILY, GRAMMARS, SCRIPT, Grammar
from xreview.analysers.signatures import (
    ANYTHING,
    CallSite,
    FileSymbols,
    Parameter,
    ParameterKind,
    Signature,
)

_CALLEE = re.compile(
    r"(?:(?P<receiver>.*)(?:\?\.|\.|::|->))?(?P<name>\w+)(?:(?:::)?<.*>)?", re.DOTALL
)
_TAKEN_AS_IS = ("staticmethod", "classmethod", "abstractmethod", "override", "final")
_LAST_WORD = re.compile(r"\w+(?=\W*$)")
_WORD = re.compile(r"\w+")
_BASES = ("superclasses", "superclass", "interfaces")
_BASE_KINDS = ("class_heritage", "base_class_clause")


_COMMENTS = ("comment", "line_comment", "block_comment")
_OPEN_ARGUMENTS = (
    *("list_splat", "dictionary_splat", "spread_element", "variadic_argument", "splat_argument"),
    *("hash_splat_argument", "parameter_pack_expansion", "pair"),
)
_NO_ARGUMENTS = (*_COMMENTS, "block_argument")
_NO_PARAMETERS = (
    *(*_COMMENTS, "self_parameter", "receiver_parameter", "block_parameter", "attribute_item"),
    "positional_separator",
)


def symbols_in(text: str, language: str, names: Collection[str] = ()) -> FileSymbols:
    """Return the definitions and calls of these names, or all definitions if no name is given.

    `text` must have no lone surrogates.
    """
    grammar = GRAMMARS[language]
    root = SgRoot(text, language).root()
    signatures = tuple(_signatures(root, language, grammar, names))
    calls = tuple(_calls(root, grammar, names)) if names else ()
    return FileSymbols(signatures, calls)


def _all(root: SgNode, *rules: Mapping[str, Any]) -> list[SgNode]:
    return root.find_all(cast("Config", {"rule": {"any": list(rules)}}))


def _signatures(
    root: SgNode, language: str, grammar: Grammar, names: Collection[str]
) -> Iterator[Signature]:
    rules: list[dict[str, Any]] = [{"kind": kind} for kind in grammar.defines]
    if grammar.calls is SCRIPT.calls:
        values = [{"kind": "arrow_function"}, {"kind": "function_expression"}]
        rules.append({"kind": "variable_declarator", "has": {"field": "value", "any": values}})
    for node in _all(root, *rules):
        if (one := _signature(node, language, grammar)) and (not names or one.name in names):
            yield one


def _signature(node: SgNode, language: str, grammar: Grammar) -> Signature | None:
    function = node.field("value") or node
    declarator = node.find(kind="function_declarator") if grammar.calls is C_FAMILY.calls else None
    name = declarator.field("declarator") if declarator else node.field("name")
    matched = _CALLEE.fullmatch(name.text()) if name else None
    if matched is None:
        return None
    owner, inherits, is_dispatched = _owner(node, grammar)
    if language == "go":
        receiver = _LAST_WORD.search(_text(node.field("receiver")))
        owner = receiver[0] if receiver else ""
    owner = owner or (matched["receiver"] or "").rpartition("::")[2]
    if is_dispatched or (language == "python" and _is_wrapped(node)):
        return Signature(matched["name"], owner, ANYTHING)
    parameters = _parameters(declarator or function, grammar)
    if language == "python" and owner and "@staticmethod" not in _decorators(node):
        parameters = parameters[1:]
    return Signature(matched["name"], owner, tuple(parameters), inherits)


def _owner(node: SgNode, grammar: Grammar) -> tuple[str, bool, bool]:
    """The class around a definition ("" for none), whether it has a base, and whether a call can't
    be traced to the definition: it is inside another function, or implements a trait."""
    for outer in node.ancestors():
        if outer.kind() in grammar.nests:
            return "", False, True
        if (name := grammar.owns.get(outer.kind())) is not None:
            word = _WORD.search(_text(outer.field(name)))
            bases = any(map(outer.field, _BASES)) or any(
                child.kind() in _BASE_KINDS for child in outer.children()
            )
            return (word[0] if word else ""), bases, outer.field("trait") is not None
    return "", False, False


def _decorators(node: SgNode) -> list[str]:
    parent = node.parent()
    if parent is None or parent.kind() != "decorated_definition":
        return []
    return [one.text() for one in parent.children() if one.kind() == "decorator"]


def _is_wrapped(node: SgNode) -> bool:
    """Whether a decorator may change what a function takes."""
    return any(not one.endswith(_TAKEN_AS_IS) for one in _decorators(node))


def _parameters(function: SgNode, grammar: Grammar) -> list[Parameter]:
    listed = function.field("parameters") or function.field("parameter")
    if listed is None:
        return []
    if listed.kind() == "identifier":  # `x => x`
        return [
            Parameter(
                listed.text(),
                ParameterKind.OPTIONAL if grammar.may_lack else ParameterKind.REQUIRED,
            )
        ]
    if listed.text() == "(void)":
        return []
    found: list[Parameter] = []
    is_after_star = False
    for node in listed.children():
        if node.kind() == "keyword_separator":  # Python's bare `*`
            is_after_star = True
        elif node.is_named() and node.kind() not in _NO_PARAMETERS:
            found += _parameter(node, grammar, is_after_star=is_after_star)
            is_after_star = is_after_star or found[-1].kind is ParameterKind.MANY
    return found


def _parameter(node: SgNode, grammar: Grammar, *, is_after_star: bool) -> Iterator[Parameter]:
    kind = node.kind()
    if kind == "keyword_parameter":
        is_optional = node.field("value") is not None
        named = ParameterKind.NAMED_OPTIONAL if is_optional else ParameterKind.NAMED
        yield Parameter(_name(node), named)
        return
    passed = grammar.kinds.get(kind, ParameterKind.REQUIRED)
    inner = node.child(0)
    if kind in ("typed_parameter", "required_parameter") and inner is not None:
        passed = grammar.kinds.get(inner.kind(), passed)
        if node.field("value") is not None:
            passed = ParameterKind.OPTIONAL
    if grammar.may_lack and passed is ParameterKind.REQUIRED:
        passed = ParameterKind.OPTIONAL
    if is_after_star and passed in (ParameterKind.REQUIRED, ParameterKind.OPTIONAL):
        is_required = passed is ParameterKind.REQUIRED
        passed = ParameterKind.NAMED if is_required else ParameterKind.NAMED_OPTIONAL
    names = [one for one in node.children() if one.kind() == "identifier"]
    if kind == "parameter_declaration" and len(names) > 1:  # Go's `a, b int`
        yield from (Parameter(one.text(), passed) for one in names)
    else:
        yield Parameter(_name(node), passed)


def _name(node: SgNode) -> str:
    """The name of a parameter; its text if it takes apart what is passed."""
    named = node.field("name") or node.field("pattern") or node.field("declarator") or node
    found = named if named.kind() == "identifier" else named.find(kind="identifier")
    return found.text() if found else named.text()


def _calls(root: SgNode, grammar: Grammar, names: Collection[str]) -> Iterator[CallSite]:
    ends = rf"(^|\W)({'|'.join(map(re.escape, sorted(names)))})((::)?<.*>)?$"
    rules = (
        {"kind": kind, "has": {"field": part, "regex": ends}}
        for kind, part in grammar.calls.items()
    )
    for node in _all(root, *rules):
        called = next(filter(None, map(node.field, grammar.calls.values())), None)
        matched = _CALLEE.fullmatch(called.text()) if called else None
        if matched is None or matched["name"] not in names:
            continue
        receiver = node.field("object") or node.field("receiver")
        before = receiver.text() if receiver else (matched["receiver"] or "")
        yield _call(node, matched["name"], before.removesuffix("?"))  # JavaScript's `a?.b`


def _call(node: SgNode, name: str, receiver: str) -> CallSite:
    listed = node.field("arguments")
    arguments = [
        one
        for one in (listed.children() if listed else ())
        if one.is_named() and one.kind() not in _NO_ARGUMENTS
    ]
    named = [one for one in arguments if one.kind() == "keyword_argument"]
    is_open = any(one.kind() in _OPEN_ARGUMENTS for one in arguments) or (
        listed is not None and listed.kind() == "generator_expression"
    )
    names = tuple(_text(one.field("name")) for one in named)
    count = len(arguments) - len(named)
    line, end = node.range().start.line + 1, node.range().end.line + 1
    return CallSite(name, receiver, line, end, count, names, is_open)


def _text(node: SgNode | None) -> str:
    return node.text() if node else ""
