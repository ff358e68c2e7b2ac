"""The page: server-rendered, works without script, calls the very functions that the chat commands call."""
