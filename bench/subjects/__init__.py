"""The servers that are measured, one file for each kind."""
