"""How many problems no reader has found, from how far the readers found the same ones."""
