"""Parts of `ape run stake`."""
