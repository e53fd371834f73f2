"""How many tokens a text is, estimated without any model's tokenizer: rather too many than too few.

Three bytes of UTF-8 count as one token. Code is 3.3 to 4 bytes a token with the tokenizers of the
large vendors, prose about 4, Chinese and Japanese 3 bytes a character and about one token; only
what nobody should send (base64, hexadecimal digits, runs of rare symbols) is denser. A test holds
the estimate against the pieces that a byte-pair tokenizer can't go below, over real code.
"""

BYTES_PER_TOKEN = 3


def tokens_in(text: str) -> int:
    """The estimate for a text; lone surrogates count as the character that is sent for them."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    return -(-size // BYTES_PER_TOKEN)
