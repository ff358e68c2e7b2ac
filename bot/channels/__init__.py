"""Channels: each turns the words of one world into ours and back, and does nothing else."""
