"""What is published: releases as immutable folders with all that describes them, and their copies on stores.

Does not belong here: reading a release (`pipeline.read`), the report's page (`pipeline.report`).
"""
