"""Storages for static files in a bucket whose name is missing. Nothing is connected to."""

from __future__ import annotations

from typing import Any

# django-storages: the start of a backend's path, the attribute of its storage, and the setting with its value.
_BUCKETS = (
    ("storages.backends.s3", "bucket_name", "AWS_STORAGE_BUCKET_NAME"),
    ("storages.backends.gcloud", "bucket_name", "GS_BUCKET_NAME"),
    ("storages.backends.azure", "azure_container", "AZURE_CONTAINER"),
)


def missing(storage: Any) -> str:
    """The setting that the storage, a subclass of one of these, lacks; "" if it lacks none."""
    modules = [kind.__module__ for kind in storage.__class__.__mro__]
    for start, attribute, setting in _BUCKETS:
        if any(module.startswith(start) for module in modules) and not getattr(storage, attribute, None):
            return setting
    return ""
