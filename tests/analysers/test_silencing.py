from dataclasses import replace

import pytest

from xreview.analysers.directives import silenced_sentence
from xreview.analysers.rules import AnalyserRule, computed_rule
from xreview.analysers.silencing import REASON, Silencing
from xreview.analysers.syntax import SyntaxTree
from xreview.domain.report import Category

RULE = replace(
    computed_rule("any/duplicated-block"),
    category=Category.ERROR_HANDLING,
    enforced_by=frozenset(
        {"ruff:S110", "eslint:no-empty", "golangci:errcheck", "clang-tidy:bugprone-empty-catch",
         "rubocop:Lint/SuppressedException", "clippy:unwrap_used", "java:EmptyCatch"}
    ),
)  # fmt: skip
SECURITY = replace(RULE, category=Category.SECURITY, enforced_by=frozenset[str]())
EXCUSED = replace(RULE, excused_by_comment=True)


def silenced(language: str, code: str, rule: AnalyserRule = RULE) -> str:
    """What silences the rule on the line with "HERE" in it."""
    line = next(at for at, row in enumerate(code.split("\n"), 1) if "HERE" in row)
    return Silencing(SyntaxTree(code, language)).of(rule, line, line)


@pytest.mark.parametrize(
    ("language", "code", "what"),
    [
        ("python", "HERE()  # noqa\n", "noqa"),
        ("python", "HERE()  # noqa: E501, s110\n", "noqa"),
        ("python", "HERE()  # type: ignore  # noqa: S110 - why\n", "noqa"),
        ("python", "# ruff: noqa: S110\n\nHERE()\n", "noqa"),
        ("python", "HERE()  # nosec B110\n", "nosec"),
        ("python", "HERE()  # nosec\n", "nosec"),
        ("javascript", "HERE() // eslint-disable-line\n", "eslint-disable"),
        ("javascript", "HERE() // eslint-disable-line no-empty -- why\n", "eslint-disable"),
        ("javascript", "// eslint-disable-next-line a/no-empty\nHERE()\n", "eslint-disable"),
        ("typescript", "/* eslint-disable-next-line no-empty */\nHERE()\n", "eslint-disable"),
        ("tsx", "x = <a>{/* oxlint-disable-next-line */}\n{HERE()}</a>", "oxlint-disable"),
        ("javascript", "/* eslint-disable */\nHERE()\n/* eslint-enable */\n", "eslint-disable"),
        ("javascript", "/* eslint-disable no-empty */\n\nHERE()\n", "eslint-disable"),
        ("javascript", "// biome-ignore lint/suspicious/noEmpty: why\nHERE()\n", "biome-ignore"),
        ("go", "package p\nvar _ = HERE() //nolint\n", "nolint"),
        ("go", "package p\nvar _ = HERE() //nolint:lll,errcheck // why\n", "nolint"),
        ("go", "package p\n//nolint:errcheck\nvar _ = HERE()\n", "nolint"),
        ("cpp", "int a = HERE(); // NOLINT(bugprone-empty-catch)\n", "NOLINT"),
        ("c", "// NOLINTNEXTLINE\nint a = HERE();\n", "NOLINT"),
        ("c", "// NOLINTBEGIN\nint a = HERE();\n// NOLINTEND\n", "NOLINT"),
        ("ruby", "HERE() # rubocop:disable Lint/SuppressedException\n", "rubocop:disable"),
        ("ruby", "# rubocop:disable Lint/SuppressedException\n\nHERE()\n", "rubocop:disable"),
        ("rust", "#[allow(dead_code, clippy::unwrap_used)]\nfn f() {\n HERE();\n}\n", "allow"),
        ("rust", "#![expect(clippy::unwrap_used)]\nfn f() {\n HERE();\n}\n", "allow"),
        (
            "java",
            'class A { @SuppressWarnings({"x", "EmptyCatch"})\nvoid f() {\nHERE(); } }',
            "SuppressWarnings",
        ),
    ],
)
def test_directives_that_silence(language: str, code: str, what: str) -> None:
    assert silenced(language, code) == what


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "HERE()  # noqa: S105\n"),
        ("python", "x = '# noqa'; HERE()\n"),
        ("python", "HERE()  # type: ignore\n"),
        ("python", "# noqa\nHERE()\n"),
        ("python", "HERE()  # nosec B602\n"),
        ("javascript", "HERE() // eslint-disable-line no-eval\n"),
        ("javascript", "// eslint-disable-next-line\n\nHERE()\n"),
        ("javascript", "/* eslint-disable */\n/* eslint-enable */\nHERE()\n"),
        ("javascript", "/* eslint-disable no-empty */\n/* eslint-enable no-empty */\nHERE()\n"),
        ("javascript", "HERE() // @ts-ignore\n"),
        ("go", "package p\nvar _ = HERE() //nolint:lll\n"),
        ("cpp", "int a = HERE(); // NOLINT(other)\n"),
        ("ruby", "# rubocop:disable Style/X\nHERE()\n"),
        ("ruby", "a() # rubocop:disable Lint/SuppressedException\nHERE()\n"),
        ("rust", "#[allow(clippy::unwrap_used)]\nfn f() {}\nfn g() {\n HERE();\n}\n"),
        ("java", "class A { @SuppressWarnings(NAME)\nvoid f() { HERE(); } }"),
    ],
)
def test_what_does_not_silence(language: str, code: str) -> None:
    assert silenced(language, code) == ""


@pytest.mark.parametrize(
    ("language", "directive"),
    [
        ("python", "# ruff: noqa"),
        ("python", "# flake8: noqa"),
        ("javascript", "/* eslint-disable */"),
        ("c", "// NOLINTBEGIN"),
        ("ruby", "# rubocop:disable all"),
    ],
)
def test_one_word_does_not_silence_the_rest_of_a_file(language: str, directive: str) -> None:
    assert silenced(language, f"{directive}\nHERE();\n") == ""


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "HERE()  # nosec\n"),
        ("go", "package p\nvar _ = HERE() // #nosec G204\n"),
        ("go", "package p\nvar _ = HERE() //nolint:gosec\n"),
    ],
)
def test_directives_about_security_silence_that_category(language: str, code: str) -> None:
    assert silenced(language, code, SECURITY)


@pytest.mark.parametrize(
    "code",
    [
        "# The cache is only a hint.\nHERE()\n",
        "HERE()  # the other side may be gone\n",
        "x()\n# Two lines\n# that say why.\nHERE()\n",
        "# 相手はもういないかもしれないから無視\nHERE()\n",
    ],
)
def test_a_comment_that_says_why_excuses_a_rule_that_allows_it(code: str) -> None:
    assert silenced("python", code, EXCUSED) == REASON
    assert silenced("python", code, RULE) == ""


@pytest.mark.parametrize(
    "code",
    [
        "# Far away from the line.\n\nHERE()\n",
        "x()  # about that other line\nHERE()\n",
        "# ignored\nHERE()\n",
        "# TODO handle this error properly\nHERE()\n",
        "# type: ignore because of that\nHERE()\n",
        "# log.error(first, second, third)\nHERE()\n",
        "# result = first and second or third\nHERE()\n",
        "# ==================================\nHERE()\n",
    ],
)
def test_other_comments_are_no_reason(code: str) -> None:
    assert silenced("python", code, EXCUSED) == ""


def test_a_comment_in_an_empty_block_says_why() -> None:
    code = "try { HERE() }\ncatch (error) {\n  // The file is optional.\n}\n"

    silencing = Silencing(SyntaxTree(code, "javascript"))

    assert silencing.of(EXCUSED, 2, 4) == REASON
    assert silencing.of(EXCUSED, 1, 1) == ""


def test_the_sentence_says_what_silenced_how_many() -> None:
    assert (
        silenced_sentence({"noqa": 1}) == "1 match is silenced by comments in the code: 1 × noqa."
    )
    assert silenced_sentence({"nosec": 1, "noqa": 2}) == (
        "3 matches are silenced by comments in the code: 2 × noqa, 1 × nosec."
    )
