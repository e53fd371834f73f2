"""HTTP for models: one client per host, its retries, its stream formats and its sentences.

The rules are those of the shared reference `providers.md`, section 0. httpx is imported when a
model is asked, not before. This is what a wire format builds on:

    client   HttpClient: `stream` a reply through a reader, or `fetch` one JSON document
    call     Call and ReplyReader: one request, and what reads its reply
    server   Server, HttpError and Dialect: what a server complains of, as a ModelError
    address, secret, patience, clock, connection   what a client is made of
    server_sent_events, json_lines, json_value what a reply is read with
    retry, rate_limits, connection_failures    when to try again, and what went wrong
"""
