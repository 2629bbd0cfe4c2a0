"""Helpers of the operator tests: checkouts and copies of the tree, their pods, and faults in them."""
