"""A valid stack file, and the mistakes in a changed copy of it."""

from rootfi_pulumi.declaration.stack_mistakes import problems_in

GOOD = """\
config:
  rootfi:apiKey:
    secure: v1:abc
  rootfi:integrations:
    xero:
      integration_type: XERO
      client_id: app
      client_secret: {secure: v1:def}
    wave:
      integration_type: WAVE
      client_id: wave-app
      client_secret: {from_env: WAVE_CLIENT_SECRET}
encryptionsalt: v1:ghi
"""


def lines(text: str) -> list[str]:
    return [f"{problem.line}: {problem.message}" for problem in problems_in(text)]
