"""The power forest: who is above whom, how positions are corded, what each node may carry."""
