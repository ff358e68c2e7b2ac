"""What moderators type and tap: one set of commands, whatever the chat they sit in."""
