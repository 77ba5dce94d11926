"""Consent without an account: reports, objections and removals."""
