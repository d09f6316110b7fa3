"""`ape run truth`: whether the consensus rules find the truth, and whether cheating pays."""
