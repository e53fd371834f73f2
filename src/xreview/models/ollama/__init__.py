"""Ollama's native chat (reference `providers.md`, section 3)."""

from xreview.models.http.format import LocalServer, WireFormat

PROVIDER = WireFormat(
    name="ollama",
    label="Ollama",
    order=50,
    adapter="xreview.models.ollama.adapter:OllamaModel",
    base_url="http://127.0.0.1:11434",
    local_servers=(LocalServer("ollama", 11434),),
)
