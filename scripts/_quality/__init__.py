"""The commands of `ape run quality`, by what they are about."""
