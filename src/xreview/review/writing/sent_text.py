"""What a request says, word by word, as it leaves the machine."""

from xreview.ports.request import ModelRequest
from xreview.review.egress.gate import Gate


def sent_text(request: ModelRequest, gate: Gate) -> str:
    """The texts of a request as they leave the machine, without apparent secrets. Slow."""
    cleared, _ = gate.request(request)
    parts = (cleared.instructions, cleared.shared, cleared.question)
    return "\n\n".join(filter(None, parts)) + "\n"
