import subprocess
import sys
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.widgets import Static

from xreview.domain.errors import ConfigError
from xreview.tui.terminal.filters import WithoutColour
from xreview.tui.themes.files import (
    DISAGREEMENT,
    SEVERITY,
    SYNTAX,
    ThemeFile,
    available_themes,
    find_theme,
    read_theme,
    shipped_folder,
    variable_defaults,
)
from xreview.tui.themes.register import as_textual_theme, register_available

SHIPPED = available_themes().themes
COLOURED = [theme for theme in SHIPPED.values() if not theme.ansi]


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    channels = [channel / 255 for channel in Color.parse(colour).rgb]
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_pairs(theme: ThemeFile) -> dict[str, tuple[str, str]]:
    """Everything that is read as text, with what it stands on."""
    generated = as_textual_theme(theme).to_color_system().generate()
    named = {**generated, **theme.variables}
    pairs = {}
    texts = ["foreground", "primary", "secondary", "accent", "warning", "error", "success"]
    texts += [f"severity-{name}" for name in SEVERITY]
    texts += [f"disagreement-{name}" for name in DISAGREEMENT]
    texts += ["text-muted", "text-disabled", "footer-key-foreground"]
    for ground in ("background", "surface", "panel"):
        for text in texts:
            pairs[f"{text} on {ground}"] = (named[text], named[ground])
    for ground in ("context", "added", "removed", "quote", "cursor"):
        pairs[f"code on {ground}"] = (named["syntax-text"], named[f"diff-{ground}"])
    for ground in ("context", "added", "removed", "hunk"):
        pairs[f"number on {ground}"] = (named["diff-number"], named[f"diff-{ground}"])
    for text, ground in (
        ("hunk-text", "hunk"), ("hunk-text", "cursor"), ("file-text", "file"),
        ("file-text", "cursor"), ("note", "context"), ("note", "cursor"),
        ("search-text", "search"), ("added-sign", "added"), ("removed-sign", "removed"),
        ("quote-sign", "context"), ("quote-sign", "added"), ("quote-sign", "removed"),
    ):  # fmt: skip
        pairs[f"{text} on {ground}"] = (named[f"diff-{text}"], named[f"diff-{ground}"])
    for name in ("block-cursor", "block-cursor-blurred"):
        pairs[name] = (named[f"{name}-foreground"], named[f"{name}-background"])
    return pairs


def code_pairs(theme: ThemeFile) -> dict[str, tuple[str, str]]:
    """Every syntax colour on every ground of the code pane."""
    named = theme.variables
    pairs = {}
    for ground in ("context", "added", "removed", "quote", "cursor", "added-word", "removed-word"):
        for group in SYNTAX:
            text = named.get(f"diff-{ground}-text") or named[f"syntax-{group}"]
            pairs[f"{group} on {ground}"] = (text, named[f"diff-{ground}"])
    for ground in ("context", "added", "removed"):
        for name in SEVERITY:
            pairs[f"{name} on {ground}"] = (named[f"severity-{name}"], named[f"diff-{ground}"])
    return pairs


def too_faint(pairs: dict[str, tuple[str, str]], least: float) -> dict[str, float]:
    ratios = {name: round(contrast(*pair), 2) for name, pair in pairs.items()}
    return {name: ratio for name, ratio in ratios.items() if ratio < least}


def test_what_ships() -> None:
    assert available_themes().broken == ()
    assert {"dark", "light", "high-contrast", "terminal"} < set(SHIPPED)
    assert len(SHIPPED) >= 6
    assert all(name == theme.path.stem for name, theme in SHIPPED.items())
    assert all(theme.shipped for theme in SHIPPED.values())


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_text_can_be_read(theme: ThemeFile) -> None:
    assert too_faint(text_pairs(theme), 4.5) == {}
    assert too_faint(code_pairs(theme), 3.5) == {}


def test_high_contrast_is_high_everywhere() -> None:
    theme = SHIPPED["high-contrast"]
    assert too_faint(text_pairs(theme) | code_pairs(theme), 7) == {}


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_lightness_is_as_the_theme_says(theme: ThemeFile) -> None:
    assert (luminance(theme.colors["background"]) < 0.2) is theme.dark


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
def test_grounds_differ(theme: ThemeFile) -> None:
    names = ("context", "added", "removed", "hunk", "file", "cursor", "quote", "added-word",
             "removed-word")  # fmt: skip
    assert len({theme.variables[f"diff-{name}"] for name in names}) == len(names)


def test_blue_orange_is_told_apart_without_red_and_green() -> None:
    # Deuteranopia and protanopia leave blue against yellow: the blue channel must tell.
    named = SHIPPED["blue-orange"].variables
    for name in ("", "-word", "-sign"):
        added = Color.parse(named[f"diff-added{name}"])
        removed = Color.parse(named[f"diff-removed{name}"])
        assert added.b > added.r
        assert removed.r > removed.b


@pytest.mark.parametrize("theme", SHIPPED.values(), ids=lambda theme: theme.name)
async def test_textual_can_use_it(theme: ThemeFile) -> None:
    class Painted(App[None]):
        CSS = "Static {background: $diff-added; color: $severity-high; border: solid $border;}"

        def get_theme_variable_defaults(self) -> dict[str, str]:
            return dict(variable_defaults())

        def compose(self) -> ComposeResult:
            yield Static("text")

    app = Painted()
    async with app.run_test() as pilot:
        app.register_theme(as_textual_theme(theme))
        app.theme = theme.name
        await pilot.pause()
        drawn = app.query_one(Static).styles
        assert drawn.background == Color.parse(theme.variables["diff-added"])
        assert drawn.color == Color.parse(theme.variables["severity-high"])


def test_the_terminal_theme_names_only_the_terminals_colours() -> None:
    theme = SHIPPED["terminal"]
    values = [*theme.colors.values(), *theme.variables.values()]
    assert not [value for value in values if "#" in value]
    assert theme.ansi


MINE = """
name = "mine"
dark = true

[diff]
added = "#003300"

[syntax]
keyword = "bold italic #ff00ff"

[interface]
block-cursor-text-style = "bold reverse"
"""


def write(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_users_theme_says_only_what_it_changes(tmp_path: Path) -> None:
    write(tmp_path, MINE)
    theme = find_theme("mine", tmp_path)
    assert theme.variables["diff-added"] == "#003300"
    assert theme.variables["syntax-keyword"] == "#ff00ff"
    assert theme.variables["syntax-keyword-style"] == "bold italic"
    assert theme.variables["block-cursor-text-style"] == "bold reverse"
    assert theme.variables["diff-removed"] == SHIPPED["dark"].variables["diff-removed"]
    assert not theme.shipped
    as_textual_theme(theme)


def test_a_light_theme_is_completed_from_the_light_one(tmp_path: Path) -> None:
    theme = read_theme(write(tmp_path, 'name = "mine"\ndark = false\n'))
    assert theme.variables == SHIPPED["light"].variables


def test_a_users_theme_wins_over_a_shipped_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, MINE.replace('"mine"', '"paper"'), "paper")
    assert available_themes(tmp_path).themes["paper"].variables["diff-added"] == "#003300"
    assert find_theme("paper", tmp_path).path.parent == tmp_path


def test_a_theme_is_found_in_a_file_of_another_name(tmp_path: Path) -> None:
    write(tmp_path, MINE, "other")
    assert find_theme("mine", tmp_path).name == "mine"


def test_an_unknown_theme_is_answered_by_the_nearest() -> None:
    with pytest.raises(ConfigError) as caught:
        find_theme("high-contrst")
    assert "'high-contrast'" in caught.value.advice
    with pytest.raises(ConfigError):
        find_theme("../pyproject")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('name = "mine"\n[diff]\nadded = "green"\n', 3, "'green' isn't a colour"),
        ('name = "mine"\n[diff]\nadded = "#12345"\n', 3, "'#12345' isn't a colour"),
        ('name = "mine"\n[diff]\nadded = 3\n', 3, "is 3"),
        ('name = "mine"\n[diff]\nadedd = "#123456"\n', 3, "'added'"),
        ('name = "mine"\n[diffs]\nadded = "#123456"\n', 2, "'diff'"),
        ('name = "mine"\ndrak = true\n', 2, "'dark'"),
        ('name = "mine"\ndark = "yes"\n', 2, "true or false"),
        ('name = "Mine!"\n', 1, "lower-case"),
        ("dark = true\n", None, "needs a name"),
        ('name = "mine"\n[syntax]\nkeyword = "blink #ffffff"\n', 3, "isn't a colour"),
        ('name = "mine"\n[interface]\nblock-cursor-text-style = "loud"\n', 3, "text style"),
        ('name = "mine"\nansi = true\n[diff]\nadded = "#123456"\n', 4, "ansi_bright_red"),
        ('name = "mine"\ndiff = 3\n', 2, "not a table"),
        ("name = \n", 1, "isn't TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, text: str, line: int | None, said: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        read_theme(path)
    assert said in str(caught.value)
    assert caught.value.path == str(path)
    assert caught.value.line == line


def test_broken_themes_do_not_hide_the_others(tmp_path: Path) -> None:
    write(tmp_path, MINE)
    write(tmp_path, "name = ", "broken")
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')
    shelf = available_themes(tmp_path)
    assert "mine" in shelf.themes
    assert {Path(error.path).name for error in shelf.broken} == {"broken.toml", "latin.toml"}


async def test_all_available_themes_are_registered(tmp_path: Path) -> None:
    write(tmp_path, MINE)
    app: App[None] = App()
    shelf = register_available(app, tmp_path)
    assert set(shelf.themes) == {*SHIPPED, "mine"}
    assert set(shelf.themes) <= set(app.available_themes)


def test_reading_themes_does_not_import_textual() -> None:
    code = (
        "import sys; from xreview.tui.themes.files import available_themes\n"
        "assert available_themes().themes\n"
        "assert not {'textual', 'rich'} & set(sys.modules), 'imported'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_shipped_themes_are_found_in_a_checkout() -> None:
    assert (shipped_folder() / "dark.toml").is_file()


def test_without_colour_only_colour_goes() -> None:
    style = Style(color="red", bgcolor="#112233", bold=True, reverse=True)
    (segment, plain) = WithoutColour().apply(
        [Segment("a", style), Segment("b", None)], Color.parse("#000000")
    )
    assert segment.text == "a"
    assert segment.style == Style(bold=True, reverse=True)
    assert plain == Segment("b", None)
