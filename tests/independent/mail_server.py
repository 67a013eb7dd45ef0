"""A mail server of somebody else's (PyPI aiosmtpd) for the stories: takes mails on a port of its own on this machine and puts each into a
folder as JSON, as a reader's program would show it. How it treats an address is in the address:
  gone…    no such mail box: refused for good
  full…    put off once, then taken
  never…   put off each time
Says "ready PORT" on standard output, and stops when its standard input ends."""

import asyncio
import email
import email.policy
import json
import os
import sys

from aiosmtpd.smtp import SMTP


class Box:
    def __init__(self, folder):
        self.folder, self.number, self.put_off = folder, 0, set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 5.1.1 no such mail box"
        if address.startswith("never") or (address.startswith("full") and address not in self.put_off):
            self.put_off.add(address)
            return "451 4.2.2 the mail box is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = lambda kind: (lambda found: found.get_content().replace("\r\n", "\n") if found else "")(message.get_body((kind,)))
        told = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in message.items()],
            "subject": str(message["Subject"]),
            "id": str(message["Message-ID"]),
            "text": part("plain"),
            "html": part("html"),
        }
        self.number += 1
        path = os.path.join(self.folder, f"{self.number:06}.json")
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump(told, file)
        os.rename(path + ".part", path)
        return "250 OK"


async def main():
    box = Box(sys.argv[1])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
