"""The same cells against the real platforms: with the CLI that someone is logged in to, after asking, and at a cost.

Whatever a run creates has a name that begins with `sd-live-`, is noted in a folder of its own before it is created, and
is destroyed at the end, also after a failure or Ctrl-C. What a killed run left is destroyed by `--sweep`.
"""
