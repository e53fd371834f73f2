"""Addresses of pages."""

import re


def slug(title: str) -> str:
    """Return what stands for a title in an address."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
