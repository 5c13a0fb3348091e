"""YAML → Plan: what the plan and the office's rules say, or every fault in them at once."""
