"""Who is called back: ringing plans, one for a number, and the calls they hold. Knows nothing of menus."""
