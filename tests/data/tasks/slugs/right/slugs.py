"""Addresses of pages."""

import re


def slug(title: str) -> str:
    """Return what stands for a title in an address."""
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words) or "untitled"
