"""`sanad …`, one file a command."""
