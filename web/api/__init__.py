"""The API: the same as the pages, for programs. What a role may do is said in `web.access`."""
