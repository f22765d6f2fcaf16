"""Every process of Guildhall on one machine: for newcomers, tests and benchmarks. Imports nothing of the project."""
