"""Who wrote what.

The seam: `resolve.resolve` is pure and decides, by the clustering of `clusters`; `services.resolve_works` feeds it what
came in with what those hold already whom it may mean, `rerun.compute` whole surnames, and both store what it decided.
It is given the decisions of people as `constraints.Constraints`: groups that go together, homes, and what stays apart.
It keeps all of them; a mention that is not by a researcher is not put with mentions that are this researcher's now.
`placement.place` then gives the people their lasting ids.
"""
