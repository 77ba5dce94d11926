"""What an owner does to the record: every change is written down and can be undone."""
