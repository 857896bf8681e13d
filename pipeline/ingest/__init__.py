"""What comes in: upstreams are asked, their answers landed, and rows held to their contract.

Belongs here: HTTP, the landing zone, the raw tables with every version of a fact, the embedded snapshot.
Does not belong here: what a source is and how its files are read (`pipeline.sources`).
"""
