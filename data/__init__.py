"""Where everything is kept: tables, queries, migrations."""
