"""The emulated Upsun Fixed, which was called Platform.sh, made in `matrix.emulators._upsun`."""

from .._upsun.emulation import Upsun
from .._upsun.flavour import FIXED

EMULATOR = Upsun(FIXED)
main = EMULATOR.main
