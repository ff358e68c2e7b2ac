"""Loopback servers that speak the protocols of the channels, and the inlet their events end up in."""
