"""When things happen: one workflow for a plan's year, one for each of its tasks."""
