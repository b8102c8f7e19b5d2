"""An emulated Upsun: the CLI, a Git remote that builds, containers behind a router. Its two flavours share it.

Upsun Flex is `matrix.emulators.upsun`; Upsun Fixed, once called Platform.sh, is `matrix.emulators.platform_sh`;
`flavour` has all their differences. Each text names its source in brackets: [CLI source] is upsun/cli 5, [docs] the
vendor's documentation, [push log] a published log of a Django project's first push; and OWN WORDING where only the
meaning is Upsun's.
"""
