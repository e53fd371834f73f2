"""Each query is valid by GitHub's schema, with and without what it can spare."""

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from xreview.forge.github import queries
from xreview.forge.github.api import GraphQuery

SCHEMA = Path(__file__).parents[2] / "data" / "forge" / "github.graphql"
QUERIES = {name: one for name, one in vars(queries).items() if isinstance(one, GraphQuery)}


@pytest.fixture(scope="module")
def schema():
    return build_schema(SCHEMA.read_text("utf-8"), assume_valid=True)


def texts(query: GraphQuery) -> list[str]:
    """The document, without each spare part, and without all of them."""
    bare = query.text
    for part in query.spare.values():
        bare = bare.replace(part, "")
    return [query.text, *(query.text.replace(one, "") for one in query.spare.values()), bare]


@pytest.mark.parametrize("name", QUERIES)
def test_it_is_valid_in_all_its_forms(schema, name):
    for text in texts(QUERIES[name]):
        assert validate(schema, parse(text)) == []


@pytest.mark.parametrize("name", QUERIES)
def test_each_spare_part_is_in_it(name):
    query = QUERIES[name]
    for field, part in query.spare.items():
        assert field in part
        assert part in query.text


def test_there_are_queries():
    assert {"THREADS", "COMMENTS", "ADD_THREAD", "RESOLVE"} <= QUERIES.keys()
