"""The parts of `ape run demo` that need no chain: data, simulated annotators, books and the report page."""
