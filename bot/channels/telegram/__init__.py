"""Telegram: groups, topics, business chats and private chats. `channel.py` is the way in.

`reading.py` turns their world into ours, `acting.py` ours into theirs; `listening.py` asks for what is new, and
`webhook.py` is called with it. Only `abilities.py`, `options.py` and `places.py` may be imported without loading the
library.
"""
