"""What screens are made of: widgets get data and post messages."""
