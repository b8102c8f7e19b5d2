"""The region nearest to the user, estimated from the UTC offset of the user's clock, so that no service is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import hypot
from typing import Any


def usable(regions: Iterable[dict[str, Any]], *, managed: bool) -> list[dict[str, Any]]:
    """The regions that support an app, and a managed database if one is wanted (flyctl source, `platform regions`)."""
    return [
        region
        for region in regions
        if not region.get("deprecated")
        and region.get("gateway_available", True)
        and (region.get("mpg_available") or not managed)
    ]


def nearest(regions: Iterable[dict[str, Any]], now: datetime) -> str | None:
    """The code of the region that is nearest to where most people with this UTC offset live."""
    latitude, longitude = _place(now)

    def distance(region: dict[str, Any]) -> float:
        # Where most people live, a degree of longitude is about three quarters of its length at the equator.
        east = (float(region["longitude"]) - longitude + 180) % 360 - 180
        return hypot(float(region["latitude"]) - latitude, 0.75 * east)

    free = [region for region in regions if not region.get("requires_paid_plan")]
    return str(min(free, key=distance)["code"]) if free else None


def _place(now: datetime) -> tuple[float, float]:
    """Latitude and longitude, in degrees, from the UTC offset: 15 degrees are an hour."""
    offset = now.utcoffset()
    hours = offset.total_seconds() / 3600 if offset else 0.0
    if hours == -3 or hours >= 10:
        return -30.0, 15 * hours
    europe = 0 <= hours <= 3
    # Summer time is one hour ahead of the sun, in Europe and North America.
    summer = 4 <= now.month <= 10 and (1 <= hours <= 3 or -8 <= hours <= -4)
    return 50.0 if europe else 38.0, 15 * (hours - summer)
