"""The emulated Upsun Flex, built with `matrix.emulators._upsun`."""

from .._upsun.emulation import Upsun
from .._upsun.flavour import FLEX

EMULATOR = Upsun(FLEX)
main = EMULATOR.main
