"""What holds for every format, present and to come."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings

import xreview.export
from tests.export.build import DOCUMENT, documents
from xreview.domain.errors import UsageError
from xreview.domain.text import visible_block
from xreview.export.format import export_format, export_formats

NAMES = sorted(export_formats())


def test_the_formats_are_the_modules_that_say_so():
    folder = Path(xreview.export.__file__).parent
    said = {file.stem for file in folder.glob("*.py") if "\nFORMAT = " in file.read_text("utf-8")}
    assert said == set(export_formats())
    assert {
        "csv",
        "github",
        "html",
        "json",
        "jsonl",
        "markdown",
        "prompt",
        "rdjson",
        "sarif",
    } == said


def test_an_unknown_format_is_refused_with_those_that_are():
    with pytest.raises(UsageError, match=r"No export format 'pdf'.*csv.*json, .*sarif"):
        export_format("pdf")


@pytest.mark.parametrize("name", NAMES)
def test_a_format_is_named_as_its_module_and_describes_itself(name):
    found = export_format(name)
    assert found is import_module(f"xreview.export.{name}").FORMAT
    assert found.name == name
    assert re.fullmatch(r"\.[a-z0-9]+", found.suffix)
    assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", found.media_type)
    assert found.purpose


def test_every_format_has_a_key_of_its_own():
    keys = [one.key for one in export_formats().values()]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 1 and key.islower() for key in keys)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_document_gives_the_same_text(name):
    rendered = export_format(name).render(DOCUMENT)
    assert rendered == export_format(name).render(DOCUMENT)
    assert rendered.endswith("\n")
    assert not rendered.endswith("\n\n")


@settings(max_examples=100)
@given(document=documents)
def test_nothing_that_comes_out_moves_a_terminal(document):
    for name in NAMES:
        rendered = export_format(name).render(document)
        assert visible_block(rendered) == rendered, name
        rendered.encode("utf-8")
