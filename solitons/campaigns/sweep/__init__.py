"""The campaign without a fit: any run, any axes, and a table of what is seen in each run."""
