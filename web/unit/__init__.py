"""What a unit does here: today's list, its work, its answers, its calendar."""
