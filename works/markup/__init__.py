"""Imported titles and abstracts (plain text with TeX in it) as safe HTML, made on the server."""

from works.markup.render import plain_text, render_abstract, render_title

__all__ = ["plain_text", "render_abstract", "render_title"]
