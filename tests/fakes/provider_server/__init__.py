"""A loopback double of model servers: real sockets, scripted replies, every fault.

`server` is the HTTP part; each module beside it builds the replies of one protocol.
"""
