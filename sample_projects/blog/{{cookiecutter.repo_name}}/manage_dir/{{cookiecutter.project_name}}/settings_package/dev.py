"""Settings for development."""

from .base import *  # noqa: F403

DEBUG = True
