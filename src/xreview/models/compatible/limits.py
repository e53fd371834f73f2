"""The context sizes that Chat Completions servers report, each in its own place."""

from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import ModelLimits, ServedModel

_CONTEXT_NAMES = ("context_length", "max_model_len", "context_window", "max_context_length")
"""OpenRouter, vLLM, Groq, Mistral."""


def compatible_models(models: JsonObject) -> tuple[ServedModel, ...]:
    """Return the models in `GET /models`."""
    return tuple(
        ServedModel(text_in(entry, "id"), text_in(entry, "name"), _limits(entry))
        for entry in list_in(models, "data")
        if text_in(entry, "id")
    )


def context_in_models(models: JsonObject, model: str) -> int | None:
    """Return a model's context in `GET /models`, in tokens."""
    return next(
        (_context(entry) for entry in list_in(models, "data") if text_in(entry, "id") == model),
        None,
    )


def longest_answer_in_models(models: JsonObject, model: str) -> int | None:
    """Return a model's longest answer in `GET /models`, in tokens (OpenRouter)."""
    entries = (entry for entry in list_in(models, "data") if text_in(entry, "id") == model)
    return next(map(_longest_answer, entries), None)


def context_in_props(props: JsonObject) -> int | None:
    """Return one request's context in llama.cpp's `GET /props`, in tokens."""
    return count_in(object_in(props, "default_generation_settings"), "n_ctx") or None


def context_in_lm_studio(models: JsonObject, model: str) -> int | None:
    """Return a loaded model's context in LM Studio's `GET /api/v1/models`, in tokens."""
    for entry in list_in(models, "models"):
        if text_in(entry, "key") != model:
            continue
        loaded = (object_in(one, "config") for one in list_in(entry, "loaded_instances"))
        contexts = [found for one in loaded if (found := count_in(one, "context_length"))]
        return min(contexts, default=None) or count_in(entry, "max_context_length") or None
    return None


def _context(entry: object) -> int | None:
    told = (count_in(entry, name) for name in _CONTEXT_NAMES)
    return next(filter(None, told), None)


def _longest_answer(entry: object) -> int | None:
    return count_in(object_in(entry, "top_provider"), "max_completion_tokens") or None


def _limits(entry: object) -> ModelLimits:
    return ModelLimits(output_tokens=_longest_answer(entry), window=_context(entry))
