"""Attacks: wrong apps, changed plans, hostile files, secrets and broken input, each tried once on a real project.

Read `attack` first: what an attack is, and what must hold after each of them.
"""
