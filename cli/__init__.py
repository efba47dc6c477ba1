"""The command line: what officers, supervisors and scripts type."""
