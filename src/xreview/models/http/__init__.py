"""HTTP for models: a client per host, with its retries, stream formats and error messages.

The rules are in the reference `providers.md`, section 0. httpx is imported with the first request.
A wire format needs these modules:

    format   WireFormat: the record that describes it
    model    HttpModel: the base class of its adapter
    client   HttpClient: `stream` a reply through a reader, or `fetch` one JSON document
    call     Call and ReplyReader: one request, and what reads its reply
    server   ModelHost, HttpError and Dialect: a server's error as a ModelError
"""
