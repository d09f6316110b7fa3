"""Reference models of the contracts in plain Python: what the tests compare the chain with, call by call."""
