"""The commands of `ape run dataset`, by what they are about."""
