"""One file for each format a review can leave in."""
