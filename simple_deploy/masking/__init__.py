"""Secrets: which values are secret, which are known before a run, and how output is masked."""
