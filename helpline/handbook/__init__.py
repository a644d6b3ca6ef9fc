"""The manual of those who work with the line: chapters and key phrases as files, the house's own pages in the database,
the phrases' sound. Knows no page of the console, and nothing of callers."""
