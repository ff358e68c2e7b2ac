"""How a database comes to the shape of `data/tables.py`, one revision after the other."""
