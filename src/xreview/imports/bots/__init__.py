"""Comments of review bots: one TOML file for each bot, and what reads them."""
