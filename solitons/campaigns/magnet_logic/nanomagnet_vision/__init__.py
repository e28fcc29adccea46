"""Salient contours, stored patterns and cuts of graphs that an array of nanomagnets falls to."""
