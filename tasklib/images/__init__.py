"""The images: what each is built from, and the packages that go into them."""
