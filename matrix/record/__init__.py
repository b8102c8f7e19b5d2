"""What became of the cells: results, verdicts, the rules of the support page, and its tables. Needs no machine."""
