"""Parts that several wire formats share."""
