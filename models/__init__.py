"""What things are: the vocabulary of plans, units, deadlines, commands and events."""
