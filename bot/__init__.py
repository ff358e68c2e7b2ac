"""Where Vigie meets the outside: channels that messages come by."""
