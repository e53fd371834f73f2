"""What a quote says about its place."""

from xreview.domain.anchor import Anchor


def is_whole(anchor: Anchor) -> bool:
    """Whether the quote has all lines of its place, so that a suggestion replaces just them."""
    return anchor.quote.count("\n") == anchor.end_line - anchor.start_line
