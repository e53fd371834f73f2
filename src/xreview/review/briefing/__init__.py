"""Writes the description of a change from its triage."""
