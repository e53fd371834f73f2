"""Taking the terminal over and giving it back."""
