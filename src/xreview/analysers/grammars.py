"""The node kinds of tree-sitter's grammars for definitions and calls of functions."""

from collections.abc import Mapping

from xreview.analysers.signatures import ParameterKind
from xreview.domain.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Grammar:
    """The node kinds of a language.

    Args:
        defines: of functions. nests: of functions, among them those without a name.
        owns: of classes, with the field of their name.
        calls: of calls, with the field of what is called.
        kinds: of parameters; one that isn't listed is required.
        may_lack: whether a call can leave out arguments without a mark in the signature.
    """

    defines: tuple[str, ...]
    nests: tuple[str, ...]
    owns: Mapping[str, str]
    calls: Mapping[str, str]
    kinds: Mapping[str, ParameterKind] = field(default_factory=dict[str, ParameterKind])
    may_lack: bool = False


_OPTIONAL, _MANY = ParameterKind.OPTIONAL, ParameterKind.MANY
SCRIPT = Grammar(
    ("function_declaration", "generator_function_declaration", "method_definition"),
    (
        *("function_declaration", "generator_function_declaration", "method_definition"),
        *("arrow_function", "function_expression", "object"),
    ),
    {"class_declaration": "name", "abstract_class_declaration": "name"},
    {"call_expression": "function"},
    {
        "assignment_pattern": _OPTIONAL,
        "optional_parameter": _OPTIONAL,
        "rest_pattern": _MANY,
    },
    may_lack=True,
)
TYPED = Grammar(SCRIPT.defines, SCRIPT.nests, SCRIPT.owns, SCRIPT.calls, SCRIPT.kinds)
C_FAMILY = Grammar(
    ("function_definition",),
    ("function_definition",),
    {},
    {"call_expression": "function"},
    {"variadic_parameter": _MANY},
)
GRAMMARS: Mapping[str, Grammar] = {
    "python": Grammar(
        ("function_definition",),
        ("function_definition", "lambda"),
        {"class_definition": "name"},
        {"call": "function"},
        {
            "default_parameter": _OPTIONAL,
            "typed_default_parameter": _OPTIONAL,
            "list_splat_pattern": _MANY,
            "dictionary_splat_pattern": ParameterKind.ANY_NAMED,
        },
    ),
    "javascript": SCRIPT,
    "typescript": TYPED,
    "tsx": TYPED,
    "go": Grammar(
        ("function_declaration", "method_declaration"),
        ("function_declaration", "method_declaration", "func_literal"),
        {},
        {"call_expression": "function"},
        {"variadic_parameter_declaration": _MANY},
    ),
    "java": Grammar(
        ("method_declaration",),
        ("method_declaration", "lambda_expression"),
        {"class_declaration": "name", "interface_declaration": "name", "enum_declaration": "name"},
        {"method_invocation": "name"},
        {"spread_parameter": _MANY},
    ),
    "rust": Grammar(
        ("function_item", "function_signature_item"),
        ("function_item", "closure_expression"),
        {"impl_item": "type", "trait_item": "name"},
        {"call_expression": "function"},
    ),
    "ruby": Grammar(
        ("method", "singleton_method"),
        ("method", "singleton_method"),
        {"class": "name", "module": "name"},
        {"call": "method"},
        {
            "optional_parameter": _OPTIONAL,
            "splat_parameter": _MANY,
            "hash_splat_parameter": ParameterKind.ANY_NAMED,
        },
    ),
    "c": C_FAMILY,
    "cpp": Grammar(
        C_FAMILY.defines,
        (*C_FAMILY.nests, "lambda_expression"),
        {"class_specifier": "name", "struct_specifier": "name"},
        C_FAMILY.calls,
        {**C_FAMILY.kinds, "optional_parameter_declaration": _OPTIONAL},
        may_lack=True,  # a default value stands in the declaration, often in another file
    ),
}
