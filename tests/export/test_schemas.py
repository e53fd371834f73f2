import json

import pytest

from tests.export.schemas import FOLDER, ORIGINALS, without_prose


@pytest.mark.parametrize(
    ("ours", "original"),
    [
        ("sarif-2.1.0.json", "sarif-schema-2.1.0.json"),
        ("rdjson.json", "rdjson-DiagnosticResult.json"),
    ],
)
def test_the_schemas_are_the_official_ones_without_their_prose(ours, original):
    if not ORIGINALS.is_dir():
        pytest.skip("the original schemas are not at hand")
    found = json.loads((ORIGINALS / original).read_text("utf-8"))
    assert json.loads((FOLDER / ours).read_text("utf-8")) == without_prose(found)
