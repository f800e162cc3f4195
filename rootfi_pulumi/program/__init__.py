"""What runs in the Pulumi program: the resources that a user names, and the guard before each create.

Nothing here talks to RootFi: that is the plugin's work (`provider`). The program never loads requests.
"""
