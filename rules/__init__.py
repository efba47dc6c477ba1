"""What follows from what: pure decisions, without a clock, without I/O."""
