"""The HTTP part of the double: HTTP/1.1 over asyncio, on a port of its own.

It reads only what well-behaved clients send (Content-Length bodies), and writes what its script
says, well-behaved or not.
"""

import asyncio
import socket
import ssl
import struct
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlsplit

from tests.fakes.provider_server.reply import Answer, Ending, Reply, Request, json_reply

_UNSCRIPTED = json_reply({"error": {"message": "the test scripted no reply for this"}}, 418)
_TLS_HANDSHAKE = b"\x16"


class ProviderServer:
    """A server on 127.0.0.1. Use it with `async with`; `url` is its base.

    `on(path, *answers)` scripts the answers to a path, in order; the last one stays. `requests`
    holds all that was received, and `received` is set from the first one on.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.received = asyncio.Event()
        self.connections = 0
        self._answers: dict[str, deque[Answer]] = {}
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> "ProviderServer":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()

    def on(self, path: str, *answers: Answer) -> None:
        self._answers[path] = deque(answers)

    def bodies(self, path: str) -> list[dict[str, object]]:
        return [request.json for request in self.requests if request.path == path]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._answer_one(reader, writer):
                pass
        self._tasks.discard(task)
        writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read one request and answer it; whether the connection can take another."""
        request = await _read(reader)
        self.requests.append(request)
        self.received.set()
        reply = self._reply_to(request)
        await asyncio.sleep(reply.latency)
        if not reply.is_headless:
            writer.write(_head(reply))
            await writer.drain()
            await self._send(reply.pieces, reply.pause, writer)
        return await self._end(reply.ending, writer)

    def _reply_to(self, request: Request) -> Reply:
        answers = self._answers.get(request.path)
        if not answers:
            return _UNSCRIPTED
        answer = answers.popleft() if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, Reply) else answer(request)

    async def _send(
        self, pieces: Sequence[bytes], pause: float, writer: asyncio.StreamWriter
    ) -> None:
        for number, piece in enumerate(pieces):
            if pause and number:
                await asyncio.sleep(pause)
            if piece:
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                await writer.drain()

    async def _end(self, ending: Ending, writer: asyncio.StreamWriter) -> bool:
        match ending:
            case Ending.COMPLETE:
                writer.write(b"0\r\n\r\n")
                await writer.drain()
                return True
            case Ending.STALL:
                await asyncio.Event().wait()
            case Ending.RESET:
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            case Ending.DROP:
                pass
        return False


def unused_url() -> str:
    """A loopback URL where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


async def _read(reader: asyncio.StreamReader) -> Request:
    first = await reader.readexactly(1)
    if first == _TLS_HANDSHAKE:
        raise ConnectionError("A plain server does not speak TLS.")
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {
        name.lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Request(method, parts.path, parts.query, headers, body)


def _head(reply: Reply) -> bytes:
    named = {"transfer-encoding": "chunked", **reply.headers}
    reason = HTTPStatus(reply.status).phrase if reply.status in set(HTTPStatus) else "Odd"
    lines = [f"HTTP/1.1 {reply.status} {reason}", *(f"{k}: {v}" for k, v in named.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
