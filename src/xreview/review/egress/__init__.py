"""What can leave the machine: consent for vendors, and withheld secrets."""
