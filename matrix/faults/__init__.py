"""Every fault that a run of the deployer can meet, caused once on every platform.

Read `walk` first (a program fails, hangs, or its answer is lost), then `writing` (a change on disk).
"""
