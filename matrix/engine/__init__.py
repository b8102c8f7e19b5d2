"""How one cell runs: its stages over one `Run`, the sample project, and the developer's side of it."""
