#!/usr/bin/env bash
# The offsets of a token leave out the combining marks that its characters were composed of.
#
# tokenizers 0.23.3: a text in decomposed form (as macOS writes names of files, or a PDF its accents) goes through the normalizers
# NFC or NFKC, which most multilingual models have.
# Seen: é, composed of e and U+0301, has the offsets of e alone. At the end of a word the mark lies in no token, so that the text
# of the span reads "cafe", a quote that ends there loses its accent, and the span of ｶﾞ (the halfwidth ガ) is ｶ, another letter.
# A character that is decomposed instead is spanned whole: both letters of ﬁ have the offsets of ﬁ.
# One would guess that the offsets of adjacent tokens cover all of a text that no step drops characters of.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tokenizers==0.23.3
"$folder/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

seen = {}
print("tokenizers", version("tokenizers"))
for normalizer in (normalizers.NFC(), normalizers.NFKC()):
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    for text in ("cafe\u0301", "e\u0301te\u0301 10", "\uff76\uff9e", "\ufb01n"):
        spans = tokenizer.encode(text).offsets
        name = type(normalizer).__name__
        seen[name, text] = [text[start:end] for start, end in spans]
        print(f"{name:5}", ascii(text), "normalized", ascii(normalizer.normalize_str(text)), spans, ascii(seen[name, text]))
same = (
    seen["NFC", "cafe\u0301"] == seen["NFKC", "cafe\u0301"] == ["cafe"]
    and seen["NFC", "e\u0301te\u0301 10"] == ["e\u0301te", "10"]
    and seen["NFKC", "\uff76\uff9e"] == ["\uff76"]
    and seen["NFKC", "\ufb01n"] == ["\ufb01n"]
)
sys.exit(not same)
PY
echo "as described"
