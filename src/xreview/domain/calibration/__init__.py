"""How well levels and confidences agreed with what happened later."""
