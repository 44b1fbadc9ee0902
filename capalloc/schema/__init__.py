"""Records of the schema: frozen, validated, free of any solver."""
