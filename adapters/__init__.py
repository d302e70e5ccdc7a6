"""Touch the world: one technology a file. Adapters satisfy the ports of ``services`` and never import them."""
