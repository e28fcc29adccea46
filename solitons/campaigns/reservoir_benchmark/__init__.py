"""Campaign of fitted devices as reservoirs for signals, beside delay taps."""
