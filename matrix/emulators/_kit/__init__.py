"""The building blocks of an emulated platform.

`grammar` reads the commands of a CLI from a table; `oclif`, `cobra` and `symfony` parse command lines, reject wrong
ones and print as those libraries do. `emulation` runs a command: it finds its function in the table, gives it a
`session`, applies the faults that a test has set, and records the call. `store` is the platform's state, `repository`
its Git side, `programs` run once in a container. The platform's output is data: `texts`, and JSON by `shapes`.

Nothing is imported here: an emulated command must start quickly.
"""
