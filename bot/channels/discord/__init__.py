"""Discord: servers, threads, forum posts and direct messages. `channel.py` is the way in.

`reading.py` turns their world into ours, `acting.py` ours into theirs; `listening.py` holds the connection.
Only `abilities.py`, `options.py` and `words.py` may be imported without loading the library.
"""
