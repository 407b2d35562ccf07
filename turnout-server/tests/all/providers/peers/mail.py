"""A mail server of aiosmtpd: says where it listens, then each mail as Python's own parser reads it, a line of JSON each. HTML is
read by html5lib, which says every error that the HTML standard has a name for."""

import base64
import email
import email.policy
import json
import sys

import html5lib
from aiosmtpd.controller import Controller


def say(value):
    print(json.dumps(value), flush=True)


def page(text):
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(text)
    return {
        "errors": [f"line {line}: {code} {details}" for (line, _), code, details in parser.errors],
        "language": tree.get("lang"),
        "title": tree.findtext("head/title"),
        "links": [link.get("href") for link in tree.iter("a")],
        "pictures": [picture.get("alt") for picture in tree.iter("img")],
        "words": " ".join("".join(tree.find("body").itertext()).split()),
    }


class Keep:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = []
        for part in mail.walk():
            if not part.is_multipart():
                content = part.get_content()
                text = content if isinstance(content, str) else base64.b64encode(content).decode()
                found = {"type": part.get_content_type(), "name": part.get_filename(), "content": text}
                if found["type"] == "text/html":
                    found["page"] = page(text)
                parts.append(found)
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
