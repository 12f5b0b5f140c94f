"""A vocabulary as a model of sentencepiece, which reads no other file.

The model is a `ModelProto` of sentencepiece_model.proto, a message of protocol buffers. Its fields are written here: the
message has three kinds of them, and the package protobuf, which would write it, is needed for nothing else.
"""

from __future__ import annotations

import struct

from retrieval.embedding.bundled.vocabulary import Vocabulary

_VARINT, _BYTES, _FLOAT = 0, 2, 5  # wire types
_UNIGRAM = 1
_NORMAL, _UNKNOWN = 1, 2  # types of pieces


def sentencepiece_model(vocabulary: Vocabulary) -> bytes:
    """A Unigram model that normalizes nothing: ids are the places in the vocabulary.

    The special pieces but the unknown one are of the type of words: a text that spells `</s>` has that token.
    """
    pieces = b"".join(
        _message(1, _piece(piece, score, _UNKNOWN if number == vocabulary.unknown else _NORMAL))
        for number, (piece, score) in enumerate(vocabulary.pieces)
    )
    return (
        pieces
        + _message(2, _integer(3, _UNIGRAM) + _integer(40, vocabulary.unknown))
        + _message(3, _normalizer())
    )


def _piece(piece: str, score: float, kind: int) -> bytes:
    return _message(1, piece.encode()) + _key(2, _FLOAT) + struct.pack("<f", score) + _integer(3, kind)


def _normalizer() -> bytes:
    """Adds no space at the start, removes none, and writes none in another way."""
    return _message(1, b"identity") + _integer(3, 0) + _integer(4, 0) + _integer(5, 0)


def _message(number: int, content: bytes) -> bytes:
    return _key(number, _BYTES) + _varint(len(content)) + content


def _integer(number: int, value: int) -> bytes:
    return _key(number, _VARINT) + _varint(value)


def _key(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first, the eighth bit of all but the last set."""
    rest, bits = divmod(value, 128)
    return bytes([bits | 128]) + _varint(rest) if rest else bytes([bits])
