"""The findings list: which findings it shows, in what order, and how they are drawn."""
