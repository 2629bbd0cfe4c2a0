"""What the operator's tests share: checkouts and copies of the tree, their pods, and faults in them."""
