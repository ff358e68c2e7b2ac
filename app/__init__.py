"""Start here: the command line, the settings, the logs, and the wiring that builds everything once."""
