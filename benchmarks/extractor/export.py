"""Write the trained weights of an extractor into the package, and their digest beside them.

python -m benchmarks.extractor.export extractor.pt
"""

from __future__ import annotations

import argparse
import hashlib
import re
from pathlib import Path

import retrieval.embedding.bundled.extractor_weights as module
from benchmarks.extractor.network import load_network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    state = {
        name: tensor.numpy()
        for name, tensor in load_network(parser.parse_args().checkpoint).trained_state().items()
    }
    heads, biases = state.pop("head.weight"), state.pop("head.bias")
    tensors = {name.removeprefix("bert."): values for name, values in state.items()}
    weights = module.ExtractorWeights(tensors, heads, biases)
    content = weights.to_bytes()
    source = Path(module.__file__)
    source.with_name(module.EXTRACTOR_WEIGHTS_FILE).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    text = re.sub(
        r'EXTRACTOR_DIGEST = "\w*"', f'EXTRACTOR_DIGEST = "{digest}"', source.read_text(encoding="utf-8")
    )
    source.write_text(text, encoding="utf-8")
    print(len(content), "bytes", digest)


if __name__ == "__main__":
    main()
