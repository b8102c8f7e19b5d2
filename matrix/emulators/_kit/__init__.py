"""What every emulated platform is made of.

`grammar` reads the commands of a CLI from a table; `oclif`, `cobra` and `symfony` parse command lines, refuse wrong
ones and print as those libraries do. `emulation` runs a command: it finds its function in the table, gives it a
`session`, applies the faults that a test has set, and records the call. `store` is the platform's state, `repository`
the Git side of it, `programs` run once in a container. What a platform shows is data: `texts`, and JSON by `shapes`.

Nothing is imported here: an emulated command must start quickly.
"""
