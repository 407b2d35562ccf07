"""Amazon's SQS and S3 by moto: says where they are, then answers each line: one that names a bucket with the objects in it
and what is said of them, an empty one with what lies in the queue."""

import json
import logging
import sys

import boto3
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)


def say(value):
    print(json.dumps(value), flush=True)


def objects(bucket):
    found = {}
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for it in page.get("Contents", []):
            head = s3.head_object(Bucket=bucket, Key=it["Key"])
            found[it["Key"]] = {
                "redirect": head.get("WebsiteRedirectLocation"),
                "type": head["ContentType"],
                "cache": head.get("CacheControl"),
                "length": head["ContentLength"],
            }
    return found


server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
endpoint = f"http://{host}:{port}"
keys = {
    "endpoint_url": endpoint,
    "region_name": "us-west-2",
    "aws_access_key_id": "AKIATURNOUT",
    "aws_secret_access_key": "hush",
}
sqs, s3 = boto3.client("sqs", **keys), boto3.client("s3", **keys)
queue = sqs.create_queue(QueueName="faxes.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
for bucket in ["turnout-private", "turnout-public", "turnout-redirects"]:
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
say({"endpoint": endpoint, "queue": queue})
for line in sys.stdin:
    if line.strip():
        say(objects(line.strip()))
        continue
    found = sqs.receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], VisibilityTimeout=0
    )
    messages = found.get("Messages", [])
    say([{"body": json.loads(it["Body"]), "group": it["Attributes"]["MessageGroupId"]} for it in messages])
server.stop()
