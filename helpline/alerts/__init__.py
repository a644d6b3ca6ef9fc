"""What is wrong on the line, told once to whom it concerns, and told again when it is over. Mends nothing itself."""
