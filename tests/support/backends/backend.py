"""Where a stack's state is kept: a folder, PostgreSQL or S3, each empty and of one test."""

import base64
import json
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.support.backends import postgresql, s3


class Backend(Protocol):
    """A place that holds the state of stacks."""

    @property
    def environ(self) -> dict[str, str]:
        """What `pulumi` needs to reach it."""

    @property
    def secrets(self) -> list[str]:
        """What of that no output may show."""

    def stored(self) -> dict[str, bytes]:
        """Return all that it holds, by path or key."""
        ...

    def store(self, state: Path) -> None:
        """Put there what a folder of state holds, as Pulumi does."""


@dataclass
class Folder:
    path: Path
    secrets: list[str] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        return {"PULUMI_BACKEND_URL": self.path.as_uri()}

    def stored(self) -> dict[str, bytes]:
        files = (path for path in self.path.rglob("*") if path.is_file())
        return {str(path.relative_to(self.path)): path.read_bytes() for path in files}

    def store(self, state: Path) -> None:
        shutil.copytree(state, self.path, dirs_exist_ok=True)


@dataclass
class Database:
    server: postgresql.Server
    name: str = field(default_factory=lambda: f"state_{secrets.token_hex(4)}")

    def __post_init__(self) -> None:
        self.server.run(f"CREATE DATABASE {self.name}")

    @property
    def environ(self) -> dict[str, str]:
        return self.server.environ | {"PULUMI_BACKEND_URL": self.server.url(self.name)}

    @property
    def secrets(self) -> list[str]:
        return [self.server.password]

    def stored(self) -> dict[str, bytes]:
        rows = self.server.run("SELECT key, data FROM pulumi_state", self.name).splitlines()
        by_key = dict(row.split("\t") for row in rows)
        return {key: base64.b64decode(json.loads(data)["data"]) for key, data in by_key.items()}

    def store(self, state: Path) -> None:
        rows = (
            f"('{self.name}/{key}', '{json.dumps({'data': base64.b64encode(content).decode()})}')"
            for key, content in Folder(state).stored().items()
        )
        self.server.run(
            "CREATE TABLE pulumi_state (key text PRIMARY KEY, data json NOT NULL,"
            " updated_at timestamptz NOT NULL DEFAULT now());"
            f"INSERT INTO pulumi_state (key, data) VALUES {', '.join(rows)}",
            self.name,
        )


@dataclass
class Bucket:
    server: s3.Server
    name: str = field(default_factory=lambda: f"state-{secrets.token_hex(4)}")

    def __post_init__(self) -> None:
        self.server.make_bucket(self.name)

    @property
    def environ(self) -> dict[str, str]:
        return self.server.environ | {"PULUMI_BACKEND_URL": self.server.url(self.name)}

    @property
    def secrets(self) -> list[str]:
        return [self.server.environ["AWS_SECRET_ACCESS_KEY"]]

    def stored(self) -> dict[str, bytes]:
        return self.server.objects(self.name)

    def store(self, state: Path) -> None:
        for key, content in Folder(state).stored().items():
            self.server.client.put_object(Bucket=self.name, Key=key, Body=content)
