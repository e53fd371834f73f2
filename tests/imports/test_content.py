import json
import os
import threading

import pytest

from tests.imports.reading import result, sarif
from xreview.domain.errors import UsageError
from xreview.imports import content, format, source
from xreview.imports.reader import read_findings

LOG = sarif(result(text="é 😀"))


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_encodings(tmp_path, encoding):
    path = tmp_path / "it.sarif"
    path.write_bytes(json.dumps(LOG, ensure_ascii=False).encode(encoding))
    (said,) = read_findings(path)
    assert said.problems[0].claim == "é 😀"


def test_a_pipe_is_read(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=(json.dumps(LOG),))
    writer.start()
    assert len(read_findings(path)) == 1
    writer.join()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (
            b'{\n  "runs": [,]\n}',
            "invalid JSON at line 2, column 12: expecting value",
        ),
        (b'{"runs": []', "invalid JSON at line 1, column 12: expecting ',' delimiter"),
        (
            b'{"message": "x", "location": {}}\n\n{"message": }\n',
            "invalid JSON at line 3, column 13: expecting value",
        ),
        (b'{"runs": [NaN]}', "NaN isn't a JSON number"),
        (b'{"a": 1}\n{"a": -Infinity}', "line 2: -Infinity isn't a JSON number"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"runs": ' + b"9" * 5000 + b"}", "it has a number with thousands of digits"),
        (b'{"runs": "\xff"}', "byte 10 isn't valid UTF-8"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(tmp_path, text, said):
    path = tmp_path / "it.sarif"
    path.write_bytes(text)
    with pytest.raises(UsageError) as caught:
        read_findings(path)
    assert caught.value.message == f"{path} can't be imported: {said}."


@pytest.mark.parametrize("text", ["[1]", "1", '"runs"', "{}", '{"a": 1}\n{"b": 2}', "null"])
def test_json_of_another_kind_is_refused(tmp_path, text):
    path = tmp_path / "it.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="isn't in a format that can be imported"):
        read_findings(path)


def test_files_that_can_not_be_read(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        read_findings(tmp_path / "nothing")
    with pytest.raises(UsageError, match="Is a directory"):
        read_findings(tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "large"
    path.write_text(json.dumps(LOG))
    monkeypatch.setattr(source, "MOST_BYTES", path.stat().st_size)
    assert read_findings(path)
    monkeypatch.setattr(source, "MOST_BYTES", path.stat().st_size - 1)
    with pytest.raises(UsageError, match=r"has more than \d+ MB"):
        read_findings(path)


@pytest.mark.parametrize("value", ["{}", "[]", '{"a": 1}'])
def test_a_text_of_too_many_values_is_refused_before_it_is_parsed(tmp_path, monkeypatch, value):
    monkeypatch.setattr(content, "_MOST_VALUES", 40)
    path = tmp_path / "many"
    path.write_text(f"[{','.join([value] * 25)}]")
    with pytest.raises(UsageError, match="has more than"):
        read_findings(path)


def test_results_beyond_the_first_so_many_are_counted_as_not_read(tmp_path, monkeypatch):
    for module in (content, format):
        monkeypatch.setattr(module, "MOST_RESULTS", 2)
    path = tmp_path / "many"
    said = "it has more than 2 results; 3 were not read"
    path.write_text(json.dumps(sarif(*[result()] * 5)))
    assert read_findings(path)[0].unread == (said,)
    row = json.dumps({"message": "x", "location": {"path": "a.py"}})
    path.write_text(f"{row}\n" * 5)
    assert read_findings(path)[0].unread == (said,)
