"""A document becomes a plan in the browser: sent, read, reviewed, confirmed."""
