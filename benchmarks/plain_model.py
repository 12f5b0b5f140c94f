"""The bundled model as a model of the hub: what other libraries load, and what ours is compared with."""

from __future__ import annotations

from pathlib import Path


def save_plain_model(bundled: Path, folder: Path) -> None:
    """Write the model in the bundled folder to another, with the Transformer module of sentence-transformers."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    from retrieval.embedding.bundled.weights import PROMPTS

    transformer = Transformer(str(bundled))
    pooling = Pooling(transformer.get_embedding_dimension(), pooling_mode="mean")
    SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=PROMPTS, device="cpu").save(
        str(folder), create_model_card=False
    )
