"""Makes the pictures of README and docs, in light and dark: `make pictures`.

A page is a screenshot in Chromium, a terminal is what a command wrote into a pseudo-terminal. The file
`sources.json` next to the pictures has a digest of what each was made from, so that a test notices a picture
that shows an earlier page or message.
"""
