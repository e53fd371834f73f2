"""Addresses of pages."""


def slug(title: str) -> str:
    """Return what stands for a title in an address."""
    return title.lower().replace(" ", "-")
