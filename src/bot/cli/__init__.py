"""The commands: `main` lists them, one module a command does the work.

In: arguments and settings. Out: text or JSON on standard output, the running bot.
"""
