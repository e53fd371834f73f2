"""What the attempts screen is made of."""
