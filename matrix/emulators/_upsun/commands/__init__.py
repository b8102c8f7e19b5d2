"""The commands of the CLI by topic: each is a function of a session that may return an exit status."""
