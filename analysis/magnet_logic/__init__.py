"""What arrays of nanomagnets compute: logic values, truth tables and how often they are wrong."""
