"""Tables of settings, such as `[fix]`."""

import jsonschema
import pytest

from xreview.config.kinds import Unfit
from xreview.config.schema import KEY_BY_NAME
from xreview.config.tables import FixSettings

KIND = KEY_BY_NAME["fix"].kind


def test_a_table_becomes_the_dataclass_with_its_defaults():
    assert KIND.parse({"check": ["make test"], "link": [".venv"]}) == FixSettings(
        check=("make test",), link=(".venv",)
    )
    assert KIND.parse({}) == FixSettings()


def test_it_survives_the_way_through_toml():
    settings = FixSettings("codex", ("make test", "npm test"), ("node_modules",), 0.5, 3)

    assert KIND.parse(KIND.to_plain(settings)) == settings
    jsonschema.validate(KIND.to_plain(settings), KIND.schema())


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("make test", "it must be a table of agent, check, link, budget, minutes."),
        ({"checks": []}, "it has `checks`; it can have agent"),
        ({"check": "make test"}, "`check` can't be set to this: "),
        ({"minutes": 0}, "`minutes` can't be set to this: it must be a whole number from 1"),
    ],
)
def test_a_mistake_is_named(raw, why):
    with pytest.raises(Unfit) as refused:
        KIND.parse(raw)
    assert str(refused.value).startswith(why)


def test_a_repository_sets_no_checks():
    assert not KEY_BY_NAME["fix"].in_repository
