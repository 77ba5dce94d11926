"""What curators do about identity: move, split, merge, undo; each with a preview, each one transaction.

Every operation takes the lock of the bylines first, then the records in the order of their ids, so that it
neither races an import or a resolution nor waits for one that waits for it.
"""
