"""What the engine can do, measured beside bare Temporal on the same machine in the same run."""
