"""The campaign of a row of skyrmions under a junction."""
