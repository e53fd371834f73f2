"""Checking what a model answers: hostile text until every field is checked."""
