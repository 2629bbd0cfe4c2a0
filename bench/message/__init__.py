"""The resource that the benchmark asks for: short messages of users.

bench/sandbox.py adds it to the copy of the project, so that figures depend on no application of the owner.
"""
