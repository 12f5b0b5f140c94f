"""What a person would write: sentence-transformers, FAISS, jieba and bm25s in 30 lines; run by `benchmarks.speed.against_commit`.

`python script.py MODEL BULLETINS QUESTIONS`: paragraphs by line, ranked by both, fused by rank; batches of 32, one thread.
Prints the processor milliseconds of an answer, of its second round over the questions.
"""

import json
import sys
import time
from pathlib import Path

import bm25s
import faiss
import jieba
import numpy as np
import torch
from sentence_transformers import SentenceTransformer

torch.set_num_threads(1)
faiss.omp_set_num_threads(1)
model = SentenceTransformer(sys.argv[1], device="cpu")
lines = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[2]).glob("*.txt")))
paragraphs = [line.strip() for line in lines.splitlines() if len(line.strip()) > 20]
vectors = model.encode(paragraphs, prompt_name="passage", batch_size=32, show_progress_bar=False)
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)
keywords = bm25s.BM25()
keywords.index([jieba.lcut_for_search(paragraph) for paragraph in paragraphs], show_progress=False)


def answer(question: str, top_k: int = 10) -> list[str]:
    """The best paragraphs for the question."""
    vector = model.encode([question], prompt_name="query", batch_size=32, show_progress_bar=False)
    rankings = [index.search(vector, 50)[1][0]]
    if terms := [term for term in jieba.lcut_for_search(question) if term in keywords.vocab_dict]:
        found = keywords.retrieve([terms], k=min(50, len(paragraphs)), show_progress=False)
        rankings.append(found.documents[0])
    scores = np.zeros(len(paragraphs))
    for ranking in rankings:
        scores[ranking] += 1 / (60 + np.arange(len(ranking)))
    return [paragraphs[position] for position in np.argsort(-scores)[:top_k]]


questions = json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))
for question in questions:
    answer(question)
start = time.process_time()
for question in questions:
    answer(question)
print((time.process_time() - start) / len(questions) * 1000)
