"""Reads Vietnamese timing phrases: text, then atoms, then an outline, then a reading."""
