"""What the site needs in production: how it is built, released and started, and its settings. Pure."""
