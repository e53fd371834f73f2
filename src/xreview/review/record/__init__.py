"""What recorded sessions amount to: documents to export and the scorecard."""
