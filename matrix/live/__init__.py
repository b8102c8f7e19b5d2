"""The same cells on the real platforms: with the CLI that a person is logged in to, after asking, and at a cost.

Everything that a run creates has a name that begins with `sd-live-`, is recorded in its own folder before it is
created, and is destroyed at the end, even after a failure or Ctrl-C. `--sweep` destroys what a killed run left.
"""
