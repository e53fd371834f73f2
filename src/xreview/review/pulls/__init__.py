"""Pull requests: opening one as a change, and posting decisions back to it."""
