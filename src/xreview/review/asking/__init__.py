"""Asking models: requests out of a plan, calls of tools, money, memory of replies."""
