"""Chinese text for matching: folding to one script, sentences, words, numerals and personal names.

In: any text. Out: folded text of the same length, and spans and terms as offsets into it.
"""

from retrieval.language import numerals, personal_names, pinyin, scripts, segmentation
from retrieval.language.folding import fold
from retrieval.language.patterns import Pattern
from retrieval.language.segmentation_pool import term_lists
from retrieval.language.sentences import first_sentence, sentence_spans

__all__ = [
    "Pattern",
    "first_sentence",
    "fold",
    "numerals",
    "personal_names",
    "pinyin",
    "scripts",
    "segmentation",
    "sentence_spans",
    "term_lists",
]
