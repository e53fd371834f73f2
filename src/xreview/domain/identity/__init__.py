"""What makes a problem the same problem: anchors, claims, and the history of both."""
