"""The emulated Upsun Fixed, once called Platform.sh, built with `matrix.emulators._upsun`."""

from .._upsun.emulation import Upsun
from .._upsun.flavour import FIXED

EMULATOR = Upsun(FIXED)
main = EMULATOR.main
