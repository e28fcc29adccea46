"""What makes the engine a ubermag calculator: drivers, their options and output, and systems translated."""
