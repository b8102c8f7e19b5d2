"""What users read when a run stops or fails: problems as data, their texts, and the ways in which a run ends early."""
