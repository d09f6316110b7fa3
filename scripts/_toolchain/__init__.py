"""What `make setup` and `make audit` run. Standard library only: it works before anything is installed."""
