"""Writes a deployment repository from the template: asks, renders all files, then writes all or nothing."""
