"""Coding agents as models: one module for each, and what they share in folders."""
