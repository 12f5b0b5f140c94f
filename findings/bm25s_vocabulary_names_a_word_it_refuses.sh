#!/usr/bin/env bash
# The vocabulary of a bm25s index names the empty word, and a query with that word is refused.
#
# bm25s 0.3.16, an index of two texts given as lists of words, none of them empty.
# Seen: vocab_dict has the four words and "" with the number 4; retrieve([[""]]) raises ValueError (the token is "not in the
# index"), while an unknown word and an empty query each give a document with the score 0.
# One would guess that a query of words that are in vocab_dict can be asked, and that an empty word is as harmless as an
# unknown one: a search that keeps the known words of a question and passes [""] where there are none fails on that question.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet bm25s==0.3.16 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version
import bm25s

print("bm25s", version("bm25s"))
index = bm25s.BM25()
index.index([["志願", "服務"], ["文明", "社區"]], show_progress=False)
print(index.vocab_dict)
scores = [float(index.retrieve([query], k=1, show_progress=False).scores[0, 0]) for query in (["不在"], [])]
try:
    index.retrieve([[""]], k=1, show_progress=False)
    refused = ""
except ValueError as error:
    refused = str(error)
print("an unknown word and no word score", scores, "; the empty word:", refused or "is answered")
sys.exit(not (index.vocab_dict.get("") == 4 and scores == [0.0, 0.0] and "not in the index" in refused))
PY
echo "as described"
