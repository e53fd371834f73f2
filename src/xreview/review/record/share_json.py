"""A share as JSON, as in the scorecard."""

from typing import Any

from xreview.domain.scorecard.proportion import Proportion


def share_json(share: Proportion) -> dict[str, Any]:
    """The SHARE of `scorecard_json`."""
    low, high = share.interval or (None, None)
    return {
        "count": share.count,
        "of": share.of,
        "fraction": share.fraction,
        "low": low,
        "high": high,
        "is_thin": share.is_thin,
    }
