"""A cell in two halves, cut where the platform begins.

The local half, on any system: create the project, configure it, check it, create the app on the emulated platform, and
send it. The emulated platform then stops, and everything sent to it is packed as a hand-off. The remote half, on Linux,
unpacks it in another folder and lets the same deployer continue: build, release, serve, use, redeploy.
"""
