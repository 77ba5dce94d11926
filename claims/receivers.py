"""What claims do when something happens elsewhere."""
