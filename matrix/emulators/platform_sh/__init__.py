"""The emulated Upsun Fixed, which was called Platform.sh, made in `matrix.emulators._upsun`."""

from matrix.emulators._upsun.emulation import Upsun
from matrix.emulators._upsun.flavour import FIXED

EMULATOR = Upsun(FIXED)
main = EMULATOR.main
