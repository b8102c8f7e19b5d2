"""The gateway of an application: the environment's routes, the container's web server, and a supervisor.

It runs inside the application's container, like the platform's own web server, and starts the application there;
`serving` is its program. Nothing is imported here, and only the standard library in its modules.
"""
