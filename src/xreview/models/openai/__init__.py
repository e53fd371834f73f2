"""OpenAI's Responses API (reference `providers.md`, section 2)."""
