"""Triage a cross-model code review in the terminal."""

__version__ = "0.1.0"
