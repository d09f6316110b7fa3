"""The commands of `ape run job`, by what they are about."""
