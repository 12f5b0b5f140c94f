"""Reading bulletins, finding the passages that answer a question, and quoting them. Knows nothing of Telegram."""  # noqa: E501
