"""What goes out as a file: letters and reports (.docx), tables (.xlsx, .csv), calendars (.ics)."""
