"""Settings: where they live, what they may say, and what is wrong with them."""
