"""How good each reviewer was, by what was decided."""
