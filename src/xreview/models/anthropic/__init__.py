"""Anthropic's Messages API (reference `providers.md`, section 1)."""
