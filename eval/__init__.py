"""Does it find, does it answer, how fast."""
