"""Proofs: what a claimant can show, and how each is checked."""
