"""The gas benchmark: real transactions, whole-transaction gas, calldata included."""
