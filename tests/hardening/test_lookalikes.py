"""What is odd in a line of code is named; what people write is left alone."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.hardening.lookalikes import oddities, told, told_of


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("if access_level != 'user\u202e \u2066// admin':", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("pass\u200bword = 1", "U+200B ZERO WIDTH SPACE, shown as ⌧"),
        ("x = 1  # \U000e0049\U000e0067", "U+E0049 TAG LATIN CAPITAL LETTER I"),
        ("key = 'a\ufe01\ufe02'", "U+FE01 VARIATION SELECTOR-2"),
        ("key = 'a\ufe0f'", "U+FE0F VARIATION SELECTOR-16"),
        ("key = '1\ufe0f2\ufe0e'", "U+FE0F VARIATION SELECTOR-16; U+FE0E"),
        ("key = '\U000e0120'", "U+E0120 VARIATION SELECTOR-49"),
        ("a\u3164 = 1", "U+3164 HANGUL FILLER"),
        ("x = '\ue000'", "U+E000, for private use"),
        ("x = '\U0010fffd'", "U+10FFFD, for private use"),
        ("return  # ok\rraise", "U+000D CONTROL CHARACTER, shown as ␍"),
        ("a\x0bb", "U+000B"),
        ("a\x85b", "U+0085"),
        ("a\u2028b", "U+2028 LINE SEPARATOR"),
        ("a\udc80b", "bytes that aren't UTF-8"),
        ("so\u00adft", "U+00AD SOFT HYPHEN"),
        ("p\u0430ssword = 1", '"p\\u0430ssword", Cyrillic and Latin letters that read "password"'),
        ("\u0441\u043e\u0440\u0435 = 1", 'Cyrillic letters that read "cope"'),
        ("if user.\u0456s_admin:", "Cyrillic"),
        ("val\u03bfr = 2", "Greek and Latin"),
    ],
)
def test_what_deceives_is_named(line: str, words: str) -> None:
    said = told(line)

    assert words in said
    assert said.startswith("has ")


@pytest.mark.parametrize(
    "line",
    [
        "plain = 1",
        "\tindented = 'x'\r",
        "# Größe über alles, naïve café, Łódź, São Paulo",
        "# 漢字とかな、カタカナ123 한국어 API中文",
        "title = 'שלום עולם'  # مرحبا بالعالم",
        "# Привет, мир: со всеми ошибками и оговорками",
        "ok = '❤\ufe0f ✔\ufe0e 1\ufe0f\u20e3 👨\u200d👩\u200d👧 👩🏽\u200d💻 🏳\ufe0f\u200d🌈'",
        "# می\u200cخواهم क\u094d\u200dष",
        "σ_max = μ * Δt + α",
        "ρ = m / V  # kg/m³, 20 °C, 5 µm",
        "葛\U000e0100 = '辻\ufe00'",
        "πr² ≠ ∑ → ∞ … “quoted” — dash",
        "s = 'İstanbul ığdır'",
        "# 全角\u3000空白; prix\u00a0: 5\u202f€",
    ],
)
def test_what_people_write_is_left_alone(line: str) -> None:
    assert told(line) == ""


def test_columns_are_those_of_the_line() -> None:
    line = "x = p\u0430ss + '\u200b'"

    word, space = oddities(line)

    assert line[word.start : word.end] == "p\u0430ss"
    assert line[space.start : space.end] == "\u200b"


@given(st.text(st.characters(), max_size=60))
def test_nothing_raises_and_what_is_said_is_safe_to_show(line: str) -> None:
    said = told(line)

    assert said.isprintable()
    for one in oddities(line):
        assert 0 <= one.start < one.end <= len(line)


def test_sentences_name_lines_and_are_bounded() -> None:
    lines = [(number, "a\u200bb") for number in range(1, 6)]

    assert told_of(lines, most=2) == (
        "Line 1 has U+200B ZERO WIDTH SPACE, shown as ⌧.",
        "Line 2 has U+200B ZERO WIDTH SPACE, shown as ⌧.",
        "3 more lines of that kind.",
    )


def test_ascii_needs_no_library() -> None:
    code = (
        "import sys; from xreview.hardening.lookalikes import told; told('x = 1'); told('a\\x0bb');"
        "print('regex' in sys.modules, 'confusable_homoglyphs' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "False False"
