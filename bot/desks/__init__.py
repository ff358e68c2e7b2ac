"""Help desks: each takes an escalation as a ticket, over the API that it has."""
