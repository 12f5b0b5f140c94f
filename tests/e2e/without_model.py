"""`bulletin-bot` with the encoder of character hashes in place of the model: starts in a second, else the same."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import retrieval.embedding.encoder
from bot.cli.main import main
from tests.doubles import HashEncoder, answer_at_any_confidence


def run_command(arguments: list[str] | None = None) -> None:
    """Run the command line, by default with the arguments of this process."""
    answer_at_any_confidence()
    retrieval.embedding.encoder.load_encoder = lambda *_args, **_options: HashEncoder()
    retrieval.embedding.encoder.load_rebuild_encoder = lambda *_args, **_options: HashEncoder()
    main(arguments)


if __name__ == "__main__":
    run_command()
