"""Hostile text as HTML in which nothing takes effect: the escape rule of the `html` format.

By the HTML standard: text and quoted attribute values need `&`, `<`, `>` and quotes escaped; what
moves a terminal or reorders what a person reads is made visible before.
"""

from html import escape

from xreview.domain.text import visible, visible_block


def line(text: str) -> str:
    """The text on one line."""
    return escape(visible(text))


def block(text: str) -> str:
    """The text with its line ends and tabs."""
    return escape(visible_block(text))


def element(name: str, content: str, **attributes: str) -> str:
    """An element around content that is HTML already. `class_` stands for `class`, `_` for `-`."""
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{line(value)}"' for key, value in attributes.items()
    )
    return f"<{name}{pairs}>{content}</{name}>"
