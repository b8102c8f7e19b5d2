"""simple-deploy: one command that configures and deploys a Django project."""

__version__ = "0.1.0"
