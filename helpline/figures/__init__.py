"""What happened on the line, counted: figures that add up, read from counts kept up to date, and proved against the rows."""
