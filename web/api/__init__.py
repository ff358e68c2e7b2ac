"""The API: what programs may ask, each over the very functions of the page and the chat."""
