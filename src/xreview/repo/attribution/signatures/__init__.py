"""How agents and models sign commits: names, addresses, trailers and footers."""
