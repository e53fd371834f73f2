"""How many tokens a text is, estimated without any model's tokenizer: rather too many than too few.

Five bytes of UTF-8 count as two tokens. Code with a number before each line is about 3 bytes a
token with byte-pair tokenizers, prose about 4, Chinese and Japanese 3 bytes a character and about
one token; tables of numbers come to 2.3, and only what nobody should send (base64, hexadecimal
digits) is denser still. A test holds the estimate against the pieces that such a tokenizer cuts
text into, over real code.
"""


def estimated_tokens(text: str) -> int:
    """The estimate for a text; lone surrogates count as the character that is sent for them."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    return -(-size * 2 // 5)
