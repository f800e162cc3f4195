"""An S3 server on this machine: moto's, in a thread of the tests."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

HOST = "127.0.0.1"
REGION = "eu-west-1"
# Nothing of the developer's own AWS set-up; and moto has no checksums for the SDK to look at.
ALONE = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
}


@dataclass
class Server:
    """A server that runs; it takes any credentials, and `environ` holds some."""

    port: int
    environ: dict[str, str]
    client: Any

    def make_bucket(self, name: str) -> None:
        self.client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})

    def url(self, bucket: str) -> str:
        return f"s3://{bucket}?region={REGION}&endpoint=http://{HOST}:{self.port}&s3ForcePathStyle=true"

    def objects(self, bucket: str) -> dict[str, bytes]:
        """Return the content of everything in a bucket, by key."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
        return {key: self.client.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


@contextmanager
def running() -> Iterator[Server]:
    """Start an empty server on a free port."""
    credentials = {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": secrets.token_urlsafe(30),
    }
    moto = ThreadedMotoServer(ip_address=HOST, port=0, verbose=False)
    moto.start()
    _, port = moto.get_host_and_port()
    client = boto3.client(
        "s3",
        region_name=REGION,
        endpoint_url=f"http://{HOST}:{port}",
        aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
    )
    try:
        yield Server(port, credentials | ALONE, client)
    finally:
        client.close()
        moto.stop()
