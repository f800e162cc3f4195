"""The emulator's page and the report in Chromium, with axe-core and the console watched."""
