"""The line to Telegram: what comes in is kept and put in order, what goes out is patient, and faults are survived."""
