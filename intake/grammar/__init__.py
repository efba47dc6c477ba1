"""How Vietnamese administrative documents are written, as rules that turn blocks into a plan."""
