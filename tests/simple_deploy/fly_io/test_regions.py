"""The region that a clock suggests, among those of Fly.io."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from simple_deploy.platforms.fly_io.regions import nearest, usable

# Code, latitude and longitude from `fly platform regions --json`.
PLACES = {
    "ams": (52.37, 4.89), "arn": (59.65, 17.92), "bom": (19.08, 72.88), "cdg": (48.86, 2.35), "dfw": (32.78, -96.81),
    "ewr": (40.79, -74.24), "fra": (50.17, 8.69), "gru": (-23.55, -46.63), "iad": (39.02, -77.46),
    "jnb": (-26.2, 28.03), "lax": (33.94, -118.41), "lhr": (51.52, -0.06), "nrt": (35.62, 139.78),
    "ord": (41.89, -87.64), "sin": (1.3, 103.86), "sjc": (37.35, -121.96), "syd": (-33.87, 151.21),
    "yyz": (43.64, -79.36),
}  # fmt: skip
REGIONS = [
    {"code": code, "latitude": latitude, "longitude": longitude, "gateway_available": True, "deprecated": False}
    for code, (latitude, longitude) in PLACES.items()
]
EXPECTED = {
    (1, 11): {"fra"},
    (2, 6): {"fra"},
    (0, 1): {"lhr"},
    (1, 7): {"lhr"},
    (-5, 12): {"ewr", "iad", "yyz"},
    (-4, 7): {"ewr", "iad", "yyz"},
    (-6, 1): {"ord"},
    (-8, 1): {"sjc"},
    (-7, 7): {"sjc"},
    (-3, 5): {"gru"},
    (5.5, 5): {"bom"},
    (9, 5): {"nrt"},
    (10, 7): {"syd"},
    (11, 1): {"syd"},
}


def at(hours: float, month: int) -> datetime:
    return datetime(2006, month, 10, tzinfo=timezone(timedelta(hours=hours)))


@pytest.mark.parametrize("clock", EXPECTED)
def test_the_nearest_region(clock: tuple[float, int]) -> None:
    assert nearest(REGIONS, at(*clock)) in EXPECTED[clock]


def test_the_other_side_of_the_date_line_is_near() -> None:
    assert nearest([region for region in REGIONS if region["code"] in ("syd", "sjc")], at(12, 1)) == "syd"
    assert nearest([region for region in REGIONS if region["code"] in ("nrt", "lhr")], at(-11, 1)) == "nrt"


def test_no_region_is_chosen_if_none_is_usable() -> None:
    closed = [
        {**REGIONS[0], "deprecated": True},
        {**REGIONS[1], "gateway_available": False},
        {**REGIONS[2], "mpg_available": True},
        {**REGIONS[3], "requires_paid_plan": True},
    ]
    assert [region["code"] for region in usable(closed, managed=False)] == ["bom", "cdg"]
    assert [region["code"] for region in usable(closed, managed=True)] == ["bom"]
    assert nearest(usable(closed, managed=False), at(1, 11)) == "bom"
    assert nearest(closed[3:], at(1, 11)) is None
