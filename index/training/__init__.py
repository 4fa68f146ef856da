"""How the bundled models were made, runnable: `python -m index.training --help`."""
