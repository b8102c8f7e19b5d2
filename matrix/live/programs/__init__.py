"""The platforms' programs, one module each, because a sandbox calls `main` of a module."""
