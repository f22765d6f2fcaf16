"""Models behind an OpenAI-compatible chat API: who they are, how they are asked, what is made of what they say."""
