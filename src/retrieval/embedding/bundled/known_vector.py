"""The vector of a fixed sentence, to tell whether a loaded model computes what it should."""

from __future__ import annotations

import base64

import numpy as np

from retrieval.errors import BulletinBotError
from retrieval.types import Encoder, FloatVector

SENTENCE = "志願者在社區開展文明實踐活動,2024年服務居民3,600人次。Volunteers served 3,600 residents in 2024."
# As a passage, in float32, then int8 (cosine to float32 0.99999): 384 values.
_INT8 = (
    "RAP+4V/lCRNR+TL4QsLOLzfM27kmH8hbNSOhCzXEvuEfy0cX19UptekZNFcwS+413NfDQwotDtoIr8ltRxkAKFMxKyHFAOsz4/jPADr8"
    "KfO12PgTxkQ32GICLgbCz8Pd+Spp7jiv85fFOS2vTNXDLSEKtNLfjCXEJRHR4tarRi3ozEIXHg8Vf7nY59PnJ9M2R2lK5h3DKNEmIkPp"
    "6K1CT9vU3tir6A8o0eXWPthH4zbMBFI959m/47nmyhAb4xUh0M7tHLk3PzHg9e8O7+/JRtRIOafcNf/pA1PM9RMX+LgFNRDaxSXB2dGz"
    "2bP4Qj2t7eAknhC45wP8WiOy3ITz2Txotw4H2V9CIiS88L31wO9MvsDmAEu+5FkSL0lM4uo1ytrP7RnhKyfrO7sQuwwp98BMGvEZGUoj"
    "3t8oRwgP7eSoyMXvWR/V6zYjKq2rSbXYshjF0y9jCUULuhLW0CwtnCVDvjrJ1W0xxekgEkYdJOUb0iUVtPHgyspRywAsZk86"
)
# int8 on this processor has 0.9994 of the float32 vector, an unrelated sentence 0.85.
_LEAST_COSINE = 0.995


def known_vector() -> FloatVector:
    """(384,) the unit vector of `SENTENCE` as a passage."""
    values = np.frombuffer(base64.b64decode(_INT8), np.int8).astype(np.float32)
    return np.asarray(values / np.linalg.norm(values), np.float32)


def check_known_vector(encoder: Encoder) -> None:
    """Raises BulletinBotError if the encoder of the bundled model gives another vector for the sentence."""
    vector = encoder.encode_passages([SENTENCE]).vectors[0]
    known = known_vector()
    cosine = float(vector @ known) if vector.shape == known.shape else 0.0
    if not cosine >= _LEAST_COSINE:  # NaN too
        raise BulletinBotError(
            f"The bundled model computes wrong vectors on this machine (cosine {cosine:.3f} to a known one, at least "
            f"{_LEAST_COSINE} is right): run `make clean run` to install it again; if it says so again, set "
            "EMBEDDING_MODEL to another model."
        )
