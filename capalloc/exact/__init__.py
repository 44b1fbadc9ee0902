"""The exact reference: CP-SAT over single racks, for tiny scenarios."""
