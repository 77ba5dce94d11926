"""Works as citations. Pure: frozen records in, text out, one module a format."""
