"""What the source of a Python module says, read from its syntax tree. Nothing is run."""
