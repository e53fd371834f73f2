import subprocess
import sys

import pytest

from xreview.analysers import registry
from xreview.domain.errors import ReviewerError
from xreview.domain.report import Lens, ReviewerKind


@pytest.mark.parametrize("name", registry.EMBEDDED)
def test_an_embedded_reviewer_is_an_analyser_named_after_its_lens(name: str) -> None:
    reviewer = registry.create(name)

    assert reviewer.lens is Lens(name)
    assert reviewer.identity.name == name
    assert reviewer.identity.kind is ReviewerKind.ANALYSER


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ReviewerError, match="“oracle”") as refused:
        registry.create("oracle")

    assert "risk" in refused.value.advice


def test_the_interface_never_loads_the_parsers() -> None:
    code = (
        "import sys; from xreview.analysers import registry;"
        "[registry.create(name) for name in registry.EMBEDDED];"
        "print([m for m in ('ast_grep_py', 'ruff') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
