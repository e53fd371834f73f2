"""The single description: settings, JSON schema and example agree."""

import dataclasses
import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest

from xreview.config.document import parse_toml
from xreview.config.example import example, schema_text, toml_value
from xreview.config.load import load
from xreview.config.paths import folders
from xreview.config.schema import KEY_BY_NAME, KEYS, Settings

SHIPPED = json.loads(schema_text())
REPOSITORY = {**SHIPPED, "$ref": "#/$defs/repository", "additionalProperties": True}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SHIPPED)


def test_every_setting_is_described_once() -> None:
    names = [item.name for item in dataclasses.fields(Settings)]
    apart = {key.repository_field for key in KEYS}
    assert [name for name in names if name not in apart] == [key.name for key in KEYS]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_a_default_is_a_value_its_kind_takes(key) -> None:
    plain = key.plain_default
    assert key.kind.parse(plain) == key.default
    jsonschema.validate({key.name: plain}, SHIPPED)


VALID = [
    "",
    'theme = "x"\ntab_size = 16\nmouse = false',
    'fail_on = "critical"\nignore = ["*.lock"]\nconventions = ["A."]',
    'review_with = ["risk"]',
    "budget = 2.5",
    '[reviewers.mine]\nprovider = "openai"\nmodel = "m"',
    'require_human = 4\n[attention]\nstudy = ["src/"]',
    'require_human = "decide"',
    '[keys]\n"finding.accept" = ["a"]\nfinding.reject = "x"\n[keys.note]\nwrite = []',
]
INVALID = [
    'them = "x"',
    "theme = 3",
    "tab_size = 17",
    "tab_size = 0",
    "tab_size = true",
    'mouse = "yes"',
    'fail_on = "blocker"',
    "ignore = [3]",
    "require_human = 6",
    "require_human = true",
    'require_human = "much"',
    '[attention]\nskip = ["docs/"]',
    '[attention]\nstudy = "src/"',
    'ignore = [" "]',
    "reviewers = []",
    'review_with = ["a", "a"]',
    'theme = "a\\nb"',
    "keys = 3",
    '[keys]\n"finding.accept" = 3',
    '[keys]\nfinding.accept = ""',
    "conventions = ['" + "x" * 501 + "']",
]


def loads(tmp_path: Path, text: str, *, is_repository: bool = False) -> bool:
    """Whether the loader takes the document."""
    file = tmp_path / (".xreview.toml" if is_repository else "config.toml")
    file.write_text(text, "utf-8")
    environ = {"XREVIEW_CONFIG_DIR": str(tmp_path), "XREVIEW_DATA_DIR": str(tmp_path)}
    return not load(folders(environ), file if is_repository else None, {}).problems


def fits(text: str, schema: dict) -> bool:
    return jsonschema.Draft202012Validator(schema).is_valid(tomllib.loads(text))


@pytest.mark.parametrize("text", VALID)
def test_schema_and_loader_take_what_is_valid(tmp_path: Path, text: str) -> None:
    assert fits(text, SHIPPED)
    assert loads(tmp_path, text)


@pytest.mark.parametrize("text", INVALID)
def test_schema_and_loader_refuse_what_is_not(tmp_path: Path, text: str) -> None:
    assert not fits(text, SHIPPED)
    assert not loads(tmp_path, text)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_schema_and_loader_agree_on_what_a_repository_may_set(tmp_path: Path, key) -> None:
    text = f"{key.name} = {{}}" if key.name == "keys" else _assignment(key)
    assert fits(text, REPOSITORY) is key.in_repository
    assert loads(tmp_path, text, is_repository=True) is key.in_repository


def _assignment(key) -> str:
    return f"{key.name} = {toml_value(key.plain_default)}"


def test_the_example_uncommented_is_valid_and_has_every_setting(tmp_path: Path) -> None:
    rows = [
        row.removeprefix("# ")
        for row in example().splitlines()
        if re.match(r'# ([a-z_]+ = |\[|"[a-z.]+" = )', row)
    ]
    text = "\n".join(rows)
    assert set(parse_toml(text.encode(), "example").values) == set(KEY_BY_NAME)
    assert loads(tmp_path, text)


def test_the_example_as_printed_changes_nothing() -> None:
    assert parse_toml(example().encode(), "example").values == {}
