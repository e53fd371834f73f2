"""From reports to findings, their disagreement, and their order: pure."""
