"""The kind of campaign in which walls learn by the timing of spikes."""
