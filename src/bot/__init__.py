"""The conversation: Telegram and the command line. Knows nothing of FAISS, BM25 or jieba."""
