"""Asking models over their APIs: one package for each wire format, and what they share."""
