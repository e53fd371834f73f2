"""Naming the functions of a syntax tree, those without a name by their place."""

from ast_grep_py import SgNode

_UNNAMED = frozenset({
    "arrow_function", "function_expression", "generator_function", "func_literal",
    "lambda_expression",
})  # fmt: skip
_CALLS = frozenset({"call_expression", "new_expression", "method_invocation"})
_HANDS_ON = frozenset({
    "arguments", "argument_list", "await_expression", "expression_list", "parenthesized_expression",
})  # fmt: skip
_ASSIGNED_TO = ("name", "left", "key", "property")
_CALLED = ("function", "constructor", "name")
_LONGEST = 60


def full_name(function: SgNode) -> str:
    """A function's name and those of the functions and classes around it."""
    around = [own_name(node) for node in function.ancestors()]
    return "/".join((name_in_words(function), *filter(None, around)))


def name_in_words(function: SgNode) -> str:
    """A function as the beginning of a sentence names it."""
    if name := own_name(function):
        return f"`{name}`"
    if callee := _callee(function):
        return f"The function passed to `{callee}`"
    around = (own_name(node) for node in function.ancestors())
    outer = next(filter(None, around), "")
    return f"A function in `{outer}`" if outer else "An unnamed function"


def own_name(node: SgNode) -> str:
    """The name of a function or class, or of what an unnamed function becomes; "" without one."""
    if node.kind() == "function_definition" and (named := node.field("declarator")) is not None:
        # In C, the name is inside a pointer to a function with parameters.
        while (inner := named.field("declarator")) is not None:
            named = inner
        return _short(named.text().partition("(")[0].lstrip("*& "))
    if node.field("body") is None:
        return ""
    if (named := node.field("name")) is not None:
        return _short(named.text())
    if node.kind() not in _UNNAMED:
        named = node.field("type")  # of an `impl`
        return "" if named is None else _short(named.text())
    holder = _holder(node)
    if holder is None or holder.kind() in _CALLS:
        return ""
    named = next(filter(None, map(holder.field, _ASSIGNED_TO)), None)
    return "" if named is None else _short(named.text())


def _callee(function: SgNode) -> str:
    holder = _holder(function)
    if holder is None or holder.kind() not in _CALLS:
        return ""
    called = next(filter(None, map(holder.field, _CALLED)), None)
    # A function that is called where it stands isn't passed to anything.
    if called is None or called.range().end.index > function.range().start.index:
        return ""
    return _short(called.text())


def _holder(function: SgNode) -> SgNode | None:
    """What an unnamed function is assigned or passed to."""
    around = (node for node in function.ancestors() if node.kind() not in _HANDS_ON)
    return next(around, None)


def _short(code: str) -> str:
    words = " ".join(code.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
