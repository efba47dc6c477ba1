"""Whoever reviews reports: a hub its schools, the officer everybody else."""
