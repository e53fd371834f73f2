"""What one session of review came to: caught, missed, spent, and not reviewed."""
