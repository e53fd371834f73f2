"""What the fix screen is made of."""
