"""In which voice: what prompts exist, which clip says each, and what the carrier says itself where there is none."""
