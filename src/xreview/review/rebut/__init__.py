"""The one round of answers to reports."""
