"""The commands of `ape run`: one file, one command. Files whose name starts with `_` are shared code, not
commands.
"""
