"""The interfaces between the review and the rooms below it."""
