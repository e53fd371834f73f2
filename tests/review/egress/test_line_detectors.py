"""The detectors of secrets by the words around them can't ask anybody about what they find."""

import subprocess
import sys

_PROGRAM = """
import sys
from xreview.review.egress.line_detectors import line_detectors
from xreview.review.egress.secrets import find_secrets

assert line_detectors()
assert find_secrets('password = "correct-horse-9"', "app.py").lines == {1}
print({"requests", "urllib3"} & set(sys.modules))
"""


def test_no_http_client_is_loaded_for_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )

    assert done.stdout == "set()\n"
