"""What happened in calls: journeys, clips, the language memory. Knows nothing of what was asked for."""
