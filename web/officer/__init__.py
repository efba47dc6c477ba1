"""What the officer in charge does here: launching, deciding what waits, following up."""
