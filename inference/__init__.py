"""The only rooms that run or call models: the embedder and the writer."""
