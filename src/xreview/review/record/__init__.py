"""What a session amounts to once it is written down: documents, exports, the scorecard."""
