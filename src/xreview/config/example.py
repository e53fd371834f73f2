"""The example configuration file, and the JSON Schema for editors that complete and check TOML."""

import json
import textwrap
from typing import Any, cast

from xreview.config.key import Key
from xreview.config.schema import KEYS

_EXAMPLES: dict[str, str] = {
    "editor": '"code --wait"',
    "ignore": '["*.lock", "vendor/"]',
    "review_with": '["gpt", "risk"]',
    "egress": '["anthropic"]',
    "conventions": '["Handlers may raise: the middleware turns it into a response."]',
}


def example() -> str:
    """Return a config.toml with only comments; uncommented, each is valid."""
    blocks = [
        "# Settings of xreview-tui. Each commented-out line is the default or an example.",
        *(_block(key) for key in KEYS),
    ]
    return "\n\n".join(blocks) + "\n"


def _block(key: Key) -> str:
    where = [f"environment: {key.environment}"] if key.environment else []
    where += ["also in a repository's .xreview.toml"] if key.in_repository else []
    note = f" ({'; '.join(where)})" if where else ""
    words = textwrap.wrap(key.meaning + note, 96, break_on_hyphens=False)
    meaning = "\n".join(f"# {row}" for row in words)
    if key.name == "keys":
        return f'{meaning}\n# [keys]\n# "finding.accept" = ["a", "f2"]'
    if key.name == "attempts":
        return f'{meaning}\n# [attempts]\n# writers = ["claude-code", "codex", "gemini:fast"]'
    if key.name == "attention":
        return f'{meaning}\n# [attention]\n# study = ["src/ledger/"]\n# decide = ["deploy/*.tf"]'
    if key.name == "fix":
        check, link = '# check = ["make test"]', '# link = ["node_modules", ".venv"]'
        return f'{meaning}\n# [fix]\n# agent = "claude-code"\n{check}\n{link}'
    if key.name == "forges":
        return f'{meaning}\n# [forges]\n# "git.example.com" = "gitlab"'
    if key.name == "reviewers":
        table = '# [reviewers.work]\n# provider = "compatible"\n# model = "qwen3-coder"'
        place = '# base_url = "https://llm.example/v1"\n# key_variable = "WORK_KEY"'
        return f"{meaning}\n{table}\n{place}"
    return f"{meaning}\n# {key.name} = {_EXAMPLES.get(key.name) or toml_value(key.plain_default)}"


def toml_value(value: Any) -> str:
    """Return a plain value (text, truth value, number, list of texts, table) as TOML.

    Except for tables, this is the same as JSON, except that TOML requires DEL to be escaped.
    """
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return "{ " + ", ".join(f"{name} = {toml_value(v)}" for name, v in table.items()) + " }"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def schema_document() -> dict[str, Any]:
    """Return the schema of the user's file; `#/$defs/repository` is a repository's."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xreview-tui configuration (config.toml)",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            key.name: {"description": key.meaning, "default": key.plain_default} | key.kind.schema()
            for key in KEYS
        },
        "$defs": {
            "repository": {
                "title": "A repository's settings (.xreview.toml)",
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    key.name: {"$ref": f"#/properties/{key.name}"}
                    for key in KEYS
                    if key.in_repository
                },
            }
        },
    }


def schema_text() -> str:
    """Return the schema as JSON text."""
    return json.dumps(schema_document(), indent=2, ensure_ascii=False) + "\n"
