"""The repository and the package as their users have them.

A clone and the jobs of its workflows, the package installed from its wheel, and a folder of wheels to install from.
"""
