"""What the bot says, as Telegram HTML with buttons. Pure: nothing here sends or looks anything up."""
