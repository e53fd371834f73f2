import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.analysers.linters import FILES, Enforced, enforced_by


def covers(name: str, text: str, code: str) -> bool:
    return enforced_by(name, text.encode()).covers([code])


@pytest.mark.parametrize(
    ("settings", "code", "enforced"),
    [
        ('[tool.ruff.lint]\nselect = ["S"]\n', "ruff:S608", True),
        ('[tool.ruff.lint]\nselect = ["S"]\n', "ruff:SIM114", False),
        ('[tool.ruff.lint]\nselect = ["S6"]\n', "ruff:S608", True),
        ('[tool.ruff.lint]\nselect = ["S6"]\n', "ruff:S113", False),
        ('[tool.ruff]\nselect = ["B"]\n', "ruff:BLE001", False),
        ('[tool.ruff]\nselect = ["ALL"]\n', "ruff:ASYNC210", True),
        ('[tool.ruff]\nselect = ["ALL"]\nignore = ["ASYNC"]\n', "ruff:ASYNC210", False),
        ('[tool.ruff]\nselect = ["S"]\nignore = ["S113"]\n', "ruff:S113", False),
        ('[tool.ruff]\nselect = ["S113"]\nignore = ["S"]\n', "ruff:S113", True),
        ('[tool.ruff.lint]\nextend-select = ["BLE"]\n', "ruff:BLE001", True),
        ("[tool.ruff]\nline-length = 90\n", "ruff:F821", True),
        ("[tool.ruff]\nline-length = 90\n", "ruff:S608", False),
        ("[project]\nname = 'x'\n", "ruff:F821", False),
        ("[tool.bandit]\nskips = ['B101']\n", "ruff:S608", True),
        ("[tool.bandit]\nskips = ['B608']\n", "ruff:S608", False),
    ],
)
def test_pyproject(settings: str, code: str, *, enforced: bool) -> None:
    assert covers("pyproject.toml", settings, code) is enforced


def test_ruff_s_own_file() -> None:
    assert covers("ruff.toml", '[lint]\nselect = ["S"]\n', "ruff:S608")
    assert covers(".ruff.toml", 'select = ["S"]\n', "ruff:S608")


def test_flake8() -> None:
    settings = "[flake8]\nextend-select = B, S105\nignore = B006,\n    E501\n"

    assert covers(".flake8", settings, "ruff:B023")
    assert covers("setup.cfg", settings, "ruff:S105")
    assert covers("tox.ini", settings, "ruff:F821")
    assert not covers("setup.cfg", settings, "ruff:B006")
    assert not covers("setup.cfg", settings, "ruff:S608")
    assert not covers("setup.cfg", "[metadata]\nname = x\n", "ruff:F821")


def test_eslint() -> None:
    rules = '{"rules": {"no-eval": "error", "no-empty": ["warn", {}], "use-isnan": "off"}}'

    for name, text in ((".eslintrc.json", rules), ("package.json", f'{{"eslintConfig": {rules}}}')):
        assert covers(name, text, "eslint:no-eval")
        assert covers(name, text, "eslint:no-empty")
        assert not covers(name, text, "eslint:use-isnan")
        assert not covers(name, text, "eslint:no-eval-like")


def test_the_typescript_plugin_s_names_are_those_of_eslint() -> None:
    text = '{"rules": {"@typescript-eslint/no-floating-promises": 2}}'

    assert covers(".eslintrc.json", text, "eslint:no-floating-promises")


@pytest.mark.parametrize("name", sorted(FILES))
@given(content=st.binary(max_size=200))
def test_any_bytes_are_taken(name: str, content: bytes) -> None:
    assert isinstance(enforced_by(name, content), Enforced)


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize(
    "text",
    [
        "[tool]\nruff = 3\n",
        "tool = 3\n",
        "[tool.ruff]\nselect = 'S'\nlint = []\n",
        "[tool.ruff.lint]\nselect = [1, 'S']\n",
        '{"rules": []}',
        '{"rules": {"a": [], "b": null, "c": {"d": 1}}}',
        '{"eslintConfig": 3}',
        "[]",
        "[" * 100_000,
        "[flake8]\nselect = %(nothing)s\n",
    ],
)
def test_odd_shapes_enforce_nothing_but_what_they_say(name: str, text: str) -> None:
    assert not enforced_by(name, text.encode()).covers(["ruff:B006", "eslint:no-eval"])
