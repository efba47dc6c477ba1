"""The only I/O: the database, the ledger, letters, workflows started and commands delivered."""
