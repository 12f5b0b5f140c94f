"""Speed: answers, start, embedding and state, some beside other programs."""
