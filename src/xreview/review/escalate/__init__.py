"""Escalating a finding to a third vendor's model, to a colleague, or to a test that settles it."""
