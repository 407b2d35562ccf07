"""A mail server of aiosmtpd: says where it listens, then each mail as Python's own parser reads it, a line of JSON each."""

import base64
import email
import email.policy
import json
import sys

from aiosmtpd.controller import Controller


def say(value):
    print(json.dumps(value), flush=True)


class Keep:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = []
        for part in mail.walk():
            if not part.is_multipart():
                content = part.get_content()
                text = content if isinstance(content, str) else base64.b64encode(content).decode()
                parts.append({"type": part.get_content_type(), "name": part.get_filename(), "content": text})
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in mail.items()],
            "defects": [str(defect) for part in mail.walk() for defect in part.defects],
            "parts": parts,
        })
        return "250 taken"


controller = Controller(Keep(), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
say({"listens": True})
# until whoever started us goes
sys.stdin.read()
controller.stop()
