"""Attacks: wrong apps, changed plans, hostile files, secrets and broken input, each tried once on a real project.

Read `attack` first: it defines an attack and what must hold after each of them.
"""
