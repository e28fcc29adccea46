"""Results of arrays of nanomagnets: logic values, truth tables and how often they are wrong."""
