"""Ollama's native chat (reference `providers.md`, section 3)."""
