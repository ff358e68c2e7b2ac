"""One file per page: its addresses, what it reads, what it lets people do."""
