"""The campaign of a skyrmion in a track."""
