"""The heart of Vigie: its words and the journey of one message. No I/O, no third party."""
