"""Whatever a file holds, it is imported or refused with a sentence."""

import asyncio
import json
import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.export.build import DOCUMENT, documents
from tests.imports.reading import DATA, result, review, sarif
from xreview.domain.errors import UsageError
from xreview.export.format import export_format
from xreview.imports.reader import read_findings

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 30)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["a.py", "2.1.0", "error", "file:///a.py", "%", "\ud800", "[x](1)", "{0}"])
)
FIELDS = """runs version tool driver name results message text locations physicalLocation region
    artifactLocation startLine endLine startColumn endColumn charOffset byteOffset snippet fixes uri
    artifactChanges replacements deletedRegion insertedContent suppressions status kind level rules
    rule index toolComponent ruleIndex properties tags artifacts location roles uriBaseId id code
    originalUriBaseIds invocations diagnostics source severity range start end line column value
    suggestions path schema findings reports reviewers type anchor extensions"""
NAMES = st.sampled_from(re.findall(r"\w+", FIELDS))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)
GIVEN = [
    *(
        json.loads(path.read_text("utf-8"))
        for path in sorted(DATA.glob("*.*"))
        if path.suffix in (".sarif", ".rdjson")
    ),
    sarif(result(), result(suppressions=[{"kind": "external"}], fixes=[])),
    json.loads(export_format("json").render(DOCUMENT)),
]


def places(value, here=()):
    yield here
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if isinstance(item, dict | list):
            yield from places(item, (*here, key))
        else:
            yield (*here, key)


def changed(value, place, new):
    if not place:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = changed(copy[place[0]], place[1:], new)
    return copy


def refused(path: Path) -> UsageError | None:
    try:
        read_findings(path)
    except UsageError as error:
        return error
    return None


def imports(text: str, *, may_refuse: bool = True) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "it"
        path.write_text(text, "utf-8")
        if (error := refused(path)) is not None:
            assert may_refuse
            assert str(path) in error.message
            assert error.advice
        else:
            code = {"a.py": "one\ntwo é𐐀\nthree\n", "shop/cart.py": "x\n" * 30}
            asyncio.run(review([path], code, repository=folder))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_any_value(value):
    imports(json.dumps(value))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_value_in_any_place_of_a_real_file(data):
    whole = data.draw(st.sampled_from(GIVEN))
    place = data.draw(st.sampled_from(list(places(whole))))
    imports(json.dumps(changed(whole, place, data.draw(VALUES))))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=40).map(lambda text: text.encode("utf-8")))
def test_any_bytes(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "it"
        path.write_bytes(content)
        error = refused(path)
        assert error is None or error.advice


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents, st.sampled_from(["json", "jsonl", "sarif", "rdjson"]))
def test_any_export_of_ours(document, format):
    imports(export_format(format).render(document), may_refuse=False)
