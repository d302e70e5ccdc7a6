"""A mail server that writes down whom it took a message for before it says so: ``recorder.py PORT FILE SECONDS``.

A script of its own, so that nothing that happens to the sender happens to it. Each message takes SECONDS. It knows
pipelining; a message that does not end in a dot it has not got, and does not write down. It takes no more messages
than the number in ``FILE.most`` says, if that is there: the next ones it has got, and lets their senders wait.
"""

import asyncio
import os
import re
import sys
from pathlib import Path

_TO = re.compile(rb"RCPT TO:<([^>]+)>", re.IGNORECASE)


class Book:
    """Whom a message was taken for, in the order they were taken."""

    def __init__(self, file: Path) -> None:
        self._kept, self._most = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), file.with_suffix(".most")
        self._waiting, self._count = file.with_suffix(".waiting"), 0

    async def take(self, to: bytes) -> None:
        """Write down one more, once there may be."""
        while self._most.exists() and self._count >= int(self._most.read_text()):
            self._waiting.touch()
            await asyncio.sleep(0.01)
        self._count += 1
        os.write(self._kept, to + b"\n")


async def serve(port: int, file: Path, seconds: float) -> None:
    book = Book(file)

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _conversation(reader, writer, book, seconds)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the sender is gone, as senders here are
        finally:
            writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", port, limit=2**20)
    print("ready", flush=True)  # noqa: T201 - whoever started it waits for this
    await server.serve_forever()


async def _conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, book: Book, seconds: float) -> None:
    to = b""
    writer.write(b"220 recorder\r\n")
    while True:
        line = await reader.readuntil(b"\n")
        verb = line[:4].upper().strip()
        if verb == b"EHLO":
            writer.write(b"250-recorder\r\n250-8BITMIME\r\n250 PIPELINING\r\n")
        elif verb == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            await asyncio.sleep(seconds)
            await book.take(to)
            writer.write(b"250 2.0.0 Ok: queued as 4TEST1234\r\n")
        elif verb == b"QUIT":
            return
        else:
            if found := _TO.match(line):
                to = found[1]
            writer.write(b"250 2.1.0 Ok\r\n")


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
