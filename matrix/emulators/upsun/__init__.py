"""The emulated Upsun Flex, made in `matrix.emulators._upsun`."""

from matrix.emulators._upsun.emulation import Upsun
from matrix.emulators._upsun.flavour import FLEX

EMULATOR = Upsun(FLEX)
main = EMULATOR.main
