"""What is in the source of a Python module, read from its syntax tree. Nothing is run."""
