"""What is read: queries on a release, and the chain from a published cell back to its documents.

Only a release's own files are read here, so that it works on any machine that holds one.
"""
