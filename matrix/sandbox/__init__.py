"""One throwaway machine: HOME, PATH, Git identity, PostgreSQL, web processes and an /app namespace.

Read `machine` first. Nothing is imported here: the emulated platform commands import single
modules of this package and must start quickly.
"""
