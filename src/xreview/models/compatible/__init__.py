"""Chat Completions, which most servers speak (reference `providers.md`, section 3)."""

from xreview.models.http.format import LocalServer, WireFormat

PROVIDER = WireFormat(
    name="compatible",
    label="Chat Completions",
    order=40,
    adapter="xreview.models.compatible.adapter:CompatibleModel",
    variable_by_url={"https://openrouter.ai/": "OPENROUTER_API_KEY"},
    local_servers=(
        LocalServer("lm-studio", 1234, ("organization_owner",)),
        LocalServer("llama.cpp", 8080, ("llamacpp", "me")),  # "me": llama-cpp-python's server
        LocalServer("vllm", 8000, ("vllm",)),
    ),
    local_path="/v1",
)
