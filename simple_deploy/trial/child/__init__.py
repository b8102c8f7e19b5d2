"""Runs in production's environment, in a copy of what Git will contain, and writes its results as JSON.

It is started by its path and imports nothing else from simple_deploy, which production does not have.
"""
