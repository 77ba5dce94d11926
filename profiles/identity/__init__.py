"""Who wrote what.

The seam: `resolve.assign` is pure and decides; `services.resolve_works` feeds it and stores what it
decided. A better rule replaces the first and leaves the second.
"""
