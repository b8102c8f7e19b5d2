"""One cell from its project to its result: what the result depends on, and what explains a failure."""
