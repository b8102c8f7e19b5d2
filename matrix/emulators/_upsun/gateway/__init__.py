"""The gateway of an application: the environment's routes, the container's web server, and a supervisor.

It runs inside of the application's container, as the platform's own web server does, and starts the application
there; `serving` is its program. Nothing is imported here, and nothing there that a bare Python lacks.
"""
