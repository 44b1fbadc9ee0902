"""The answer by single racks as arrays: a roster, decoded to a plan and read back from one."""
