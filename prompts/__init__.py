"""Room prompts: one Markdown file per call site and the typed function that renders it. No logic."""
