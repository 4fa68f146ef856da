"""The two windows: the command line and the chat page."""
