"""Everything that can go wrong in a run of the deployer, made to go wrong once, on every platform.

Read `walk` first (a program that is started fails, hangs, loses its answer), then `writing` (a change on disk).
"""
