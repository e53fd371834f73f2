"""From reports to findings, and from findings to the kind of disagreement: pure functions."""
