"""A few real works and an OAI-PMH endpoint that serves them, so that the demo needs no network."""
