"""The code blocks of the documentation, and the script that runs those of a document in order."""
