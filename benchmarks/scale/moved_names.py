"""Names of the program that the steps of `million` import from where an older version beside this one keeps them."""

try:
    from retrieval.index.index_files import load_index
    from retrieval.index.quantized.quantizers import (
        SENTENCE_CENTROIDS,
        SENTENCE_PARTS,
        TOKEN_CENTROIDS,
        TOKEN_PARTS,
    )
except ModuleNotFoundError:  # before 2026-11-30
    from retrieval.building.quantized_storage import (  # type: ignore[attr-defined, no-redef]
        SENTENCE_CENTROIDS,
        SENTENCE_PARTS,
        TOKEN_CENTROIDS,
        TOKEN_PARTS,
    )
    from retrieval.index.index import load_index  # type: ignore[attr-defined, no-redef]

__all__ = ["SENTENCE_CENTROIDS", "SENTENCE_PARTS", "TOKEN_CENTROIDS", "TOKEN_PARTS", "load_index"]
