"""Text to text and text to values: file encodings, TOML editing, templates, shell quoting, checked JSON. No effects."""
