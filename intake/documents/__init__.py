"""Documents as blocks of text with their lines: .docx, .pdf and .txt alike."""
