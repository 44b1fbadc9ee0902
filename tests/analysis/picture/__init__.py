"""What figures draw."""
