"""Faults: killed processes, cut power, full disks, outages, crowds and hostile input."""
