"""The rule book: read it, check it, decide, explain. No I/O beyond reading the file."""
