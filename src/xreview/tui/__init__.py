"""The terminal app: it renders the state and turns keys into intents."""
