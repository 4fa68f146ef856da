"""Documents → passages → an index that can be searched."""
