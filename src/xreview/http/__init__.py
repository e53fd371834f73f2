"""What every HTTP client of the program shares: time limits, retries, keys, connection errors."""
