"""The parts that touch the machine: processes, the terminal, the log, locks, and our own files in the project."""
