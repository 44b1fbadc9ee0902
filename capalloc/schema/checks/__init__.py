"""What pydantic cannot say: checks between records."""
