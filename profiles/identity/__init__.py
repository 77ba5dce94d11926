"""Who wrote what.

The seam: `resolve.assign` is pure and decides; `services.resolve_works` feeds it what came in, `rerun.compute` whole
blocks, and both store what it decided. A better rule replaces the first and leaves the others. It is given the
decisions of people as `constraints.Constraints`: groups that go together, homes, and what stays apart. It must keep all
of them; a mention that is not by a researcher must not be put with mentions that are this researcher's now.
`placement.place` then gives the clusters of a re-run their lasting ids.
"""
