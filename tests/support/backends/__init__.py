"""Where Pulumi keeps a stack's state: a folder, PostgreSQL or S3, each empty and on this machine."""
