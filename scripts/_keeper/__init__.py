"""What `ape run keeper` consists of: books that follow the contracts, and rounds that do what is due."""
