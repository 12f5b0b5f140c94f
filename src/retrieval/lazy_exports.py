"""Exports of a package that are imported on first use."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping


def lazy_exports(package: str, modules: Mapping[str, str]) -> Callable[[str], object]:
    """A module `__getattr__` (PEP 562) for a package whose exports load heavy libraries.

    `modules` names the submodule of each export. Any other name raises AttributeError, as for a plain module.
    """

    def resolve(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{package}.{modules[name]}"), name)

    return resolve
