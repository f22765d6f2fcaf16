"""Tests that kill what they test. They start their own processes and end them by process group."""
