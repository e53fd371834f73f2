"""What the review asks of the rooms below it: a reviewer, a model, and the JSON they exchange."""
