"""What comes in as a file: documents, plan folders, spreadsheets, the calendar of Vietnam."""
