"""What is to be placed, and where: a facility and requests as arrays."""
